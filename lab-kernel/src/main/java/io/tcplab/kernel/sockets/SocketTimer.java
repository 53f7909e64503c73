package io.tcplab.kernel.sockets;

import io.tcplab.kernel.MalformedException;
import java.time.Duration;

/**
 * The timer that a socket waits for, as sock_diag shows it: {@code idiag_timer}, {@code idiag_expires} and
 * {@code idiag_retrans} (include/uapi/linux/inet_diag.h, inet_sk_diag_fill() in net/ipv4/inet_diag.c).
 *
 * @param kind which timer
 * @param expiresIn time left, to the millisecond; zero if no timer runs
 * @param retransmits how often it has fired in a row without an answer: retransmissions, or probes. Of a request socket, how
 *     often its SYN-ACK was resent, not how often the timer has fired: while TCP_DEFER_ACCEPT waits for data it fires and
 *     sends nothing (num_retrans and num_timeout: inet_req_diag_fill() in net/ipv4/inet_diag.c, syn_ack_recalc() and
 *     reqsk_timer_handler() in net/ipv4/inet_connection_sock.c)
 */
public record SocketTimer(Kind kind, Duration expiresIn, int retransmits) {
    private static final Kind[] KINDS = Kind.values();

    /** Which timer runs; the ordinal is the kernel's number. */
    public enum Kind {
        NONE,
        /** Retransmission, tail loss probe or reordering timeout; of a request socket, its SYN-ACK's. */
        RETRANSMIT,
        /** Keepalive; of an orphan in FIN_WAIT_2, the time until it is given up. */
        KEEPALIVE,
        /** The end of TIME_WAIT, or of FIN_WAIT_2 as a minisocket. */
        TIME_WAIT,
        /** The probe of a zero window. */
        PROBE
    }

    static SocketTimer of(int kind, long expiresMillis, int retransmits) {
        return new SocketTimer(kind(kind), Duration.ofMillis(expiresMillis), retransmits);
    }

    /** A number that this table lacks is a newer kernel's timer; to say NONE would be wrong. */
    static Kind kind(int number) {
        if (number < 0 || number >= KINDS.length) {
            throw new MalformedException("a sock_diag message", 2, "no socket timer has the number " + number);
        }
        return KINDS[number];
    }
}
