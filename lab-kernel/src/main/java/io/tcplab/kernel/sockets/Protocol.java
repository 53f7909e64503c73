package io.tcplab.kernel.sockets;

/** What a program's socket speaks. */
public enum Protocol {
    /** A plain TCP socket; also what accept() makes of a plain TCP connection to an MPTCP listener. */
    TCP,
    /**
     * Multipath TCP (RFC 8684), IPPROTO_MPTCP. The program's socket is none of TCP's: it carries the descriptor, the queues and the
     * state, and its subflows, TCP sockets of the kernel's, carry the segments. A client whose server speaks TCP only keeps an
     * MPTCP socket, with one subflow ("fallback").
     */
    MPTCP
}
