package io.tcplab.kernel.counters;

/**
 * The kernel's counters of connections that it ended in their midst (TCPAbort* in net/ipv4/proc.c). An ABORT of RFC 9293
 * (section 3.10.5) sends a RST; not each of these does. How many RSTs left is TcpOutRsts, which counts those of closed ports
 * and of late segments, too.
 */
public enum AbortCounter {
    /** close() while received data was unread (__tcp_close() in net/ipv4/tcp.c). */
    ON_CLOSE("TcpExtTCPAbortOnClose", Rst.ALWAYS),

    /**
     * close() with SO_LINGER 0, which sends no RST of a connect that is under way (tcp_disconnect(), tcp_need_reset() in
     * net/ipv4/tcp.c); or data for an orphan, or the ACK of its FIN where TCP_LINGER2 is below 0 (tcp_rcv_state_process() in
     * net/ipv4/tcp_input.c). Data for an orphan that has become a minisocket is answered by a RST and not counted.
     */
    ON_DATA("TcpExtTCPAbortOnData", Rst.MOSTLY),

    /**
     * The kernel gave up: retransmissions of a SYN, of data or of a FIN, or the probes of a closed window, got no answer, or
     * not in TCP_USER_TIMEOUT (tcp_write_err() in net/ipv4/tcp_timer.c). Nothing is sent, but if keepalive found out
     * (tcp_keepalive_timer()).
     */
    ON_TIMEOUT("TcpExtTCPAbortOnTimeout", Rst.BY_KEEPALIVE),

    /**
     * Too many orphans, or no memory for TCP left, at close() or at an orphan's timer. The timer sends no RST if the last data
     * is a minute old and the window is open (tcp_out_of_resources() in net/ipv4/tcp_timer.c).
     */
    ON_MEMORY("TcpExtTCPAbortOnMemory", Rst.MOSTLY),

    /** close() in FIN_WAIT_2 with TCP_LINGER2 below 0 (__tcp_close() in net/ipv4/tcp.c). */
    ON_LINGER("TcpExtTCPAbortOnLinger", Rst.ALWAYS);

    /** Whether a RST goes with it. */
    public enum Rst {
        ALWAYS,
        /** But in the cases that the counter's text names. */
        MOSTLY,
        /** Only if keepalive found out. */
        BY_KEEPALIVE
    }

    private final String counter;
    private final Rst rst;

    AbortCounter(String counter, Rst rst) {
        this.counter = counter;
        this.rst = rst;
    }

    /** As {@link Counters} names it. */
    public String counter() {
        return counter;
    }

    /** Whether a RST goes with it. */
    public Rst rst() {
        return rst;
    }
}
