package io.tcplab.kernel.sockets;

import java.util.Locale;

/**
 * The members of {@code struct tcp_info} (include/uapi/linux/tcp.h), which only ever grows at its end: a kernel that is
 * older than a member sends a shorter struct.
 *
 * <p>What those say that tell of a connection's health depends on its state:
 *
 * <table>
 *   <caption>by state, as of Linux 6.18</caption>
 *   <tr><th>state</th><th>ages</th><th>RETRANSMITS, BACKOFF</th><th>PROBES</th><th>UNACKED</th></tr>
 *   <tr><td>LISTEN</td><td>none</td><td>none</td><td>none</td><td>the accept queue</td></tr>
 *   <tr><td>SYN_SENT</td><td>none: before the handshake</td><td>of the SYN</td><td>none</td><td>1, the SYN</td></tr>
 *   <tr><td>SYN_RECV</td><td colspan="4">a request socket has no tcp_info; its SYN-ACKs are {@link SocketTimer#retransmits}</td></tr>
 *   <tr><td>ESTABLISHED</td><td>all</td><td>of data, or the backoff of a closed window's probes</td><td>of keepalive or of a closed
 *       window</td><td>segments</td></tr>
 *   <tr><td>CLOSE_WAIT</td><td>LAST_ACK_RECV is no more than the time since the FIN; later ACKs of what this end still sends make it
 *       less. LAST_DATA_RECV doesn't count a FIN without data</td><td colspan="3">as ESTABLISHED</td></tr>
 *   <tr><td>FIN_WAIT_1, CLOSING, LAST_ACK</td><td>LAST_DATA_SENT doesn't count the FIN, however often it is sent</td><td>of the FIN, or
 *       of the data before it. The FIN may not have been sent yet, behind a closed window: then PROBES, and the backoff is
 *       theirs</td><td>only of a closed window</td><td>1 for the FIN</td></tr>
 *   <tr><td>FIN_WAIT_2</td><td>LAST_ACK_RECV is no more than the time since the FIN was acknowledged; data that still comes counts as
 *       LAST_DATA_RECV</td><td>none</td><td>of keepalive, if a descriptor is open. The timer of an orphan is that of its
 *       end</td><td>0</td></tr>
 *   <tr><td>TIME_WAIT, FIN_WAIT_2 as a minisocket</td><td colspan="4">no tcp_info</td></tr>
 * </table>
 */
public enum TcpInfoField {
    /** The state's number; see {@link TcpState#of}. */
    STATE(0, 1),
    /** Congestion avoidance: 0 Open, 1 Disorder, 2 CWR, 3 Recovery, 4 Loss. */
    CA_STATE(1, 1),
    /** Retransmission timeouts in a row without an answer. */
    RETRANSMITS(2, 1),
    /**
     * Zero-window or keepalive probes without an answer: any ACK makes it 0, be the window it brings as closed as it was
     * (tcp_ack() in net/ipv4/tcp_input.c). One may be the kernel's own doing, which answers at most every 500 ms
     * (tcp_oow_rate_limited()).
     */
    PROBES(3, 1),
    /**
     * Exponent of the exponential backoff of the retransmission timer, or of the probes of a closed window: those that were
     * answered count, too, until the window opens (tcp_send_probe0(), tcp_ack_probe()), at most tcp_retries2.
     */
    BACKOFF(4, 1),
    /** Negotiated options: 1 timestamps, 2 SACK, 4 window scale, 8 ECN, 16 ECN seen, 32 SYN data. */
    OPTIONS(5, 1),
    /** The shift of the windows that the peer advertises. */
    SND_WSCALE(6, 1, 0, 4),
    /** The shift of the windows that we advertise. */
    RCV_WSCALE(6, 1, 4, 4),
    /** 1 if the application, not the network, limited {@link #DELIVERY_RATE}. */
    DELIVERY_RATE_APP_LIMITED(7, 1, 0, 1),
    /** Why TCP Fast Open failed: 0 unknown, 1 cookie unavailable, 2 data not acked, 3 SYN retransmitted. */
    FASTOPEN_CLIENT_FAIL(7, 1, 1, 2),
    /** Retransmission timeout, µs. */
    RTO(8, 4),
    /** Delayed-ACK timeout, µs. */
    ATO(12, 4),
    /** Bytes. */
    SND_MSS(16, 4),
    /** Bytes. */
    RCV_MSS(20, 4),
    /** Segments in flight; of a LISTEN socket, the accept queue's length. */
    UNACKED(24, 4),
    /** Segments; of a LISTEN socket, the accept queue's limit. */
    SACKED(28, 4),
    /** Segments held for lost. */
    LOST(32, 4),
    /** Segments retransmitted and not yet acknowledged. */
    RETRANS(36, 4),
    /** Always 0 since Linux 4.15. */
    FACKETS(40, 4),
    /**
     * Milliseconds since data was sent, for the first time or again, or since the handshake. A probe and a FIN without data don't
     * count (tcp_event_data_sent(), by __tcp_transmit_skb() in net/ipv4/tcp_output.c). See {@link #isKeptIn}.
     */
    LAST_DATA_SENT(44, 4),
    /** Not kept by the kernel: always 0. */
    LAST_ACK_SENT(48, 4),
    /**
     * Milliseconds since data came, or since the handshake. After a simultaneous opening it means nothing before data has
     * come: only tcp_finish_connect() and tcp_create_openreq_child() set it. See {@link #isKeptIn}.
     */
    LAST_DATA_RECV(52, 4),
    /**
     * Milliseconds since a segment with an ACK came; a FIN counts. Data in its order that acknowledges nothing new may not: the fast
     * path of tcp_rcv_established() (net/ipv4/tcp_input.c) leaves tcp_ack() out. So the peer's silence is the less of this and {@link
     * #LAST_DATA_RECV}, as keepalive takes it (keepalive_time_elapsed() in include/net/tcp.h). See {@link #isKeptIn}.
     */
    LAST_ACK_RECV(56, 4),
    /** Path MTU, bytes. */
    PMTU(60, 4),
    /** Bytes. */
    RCV_SSTHRESH(64, 4),
    /** Smoothed round-trip time, µs. */
    RTT(68, 4),
    /** µs. */
    RTTVAR(72, 4),
    /** Segments. */
    SND_SSTHRESH(76, 4),
    /** Congestion window, segments. */
    SND_CWND(80, 4),
    /** Advertised MSS, bytes. */
    ADVMSS(84, 4),
    /** Segments. */
    REORDERING(88, 4),
    /** Round-trip time by the receiver's estimate, µs. */
    RCV_RTT(92, 4),
    /** Bytes. */
    RCV_SPACE(96, 4),
    /** Segments retransmitted in the connection's life. */
    TOTAL_RETRANS(100, 4),
    /** Bytes a second; all ones if unlimited. */
    PACING_RATE(104, 8),
    /** Bytes a second; all ones if unlimited. */
    MAX_PACING_RATE(112, 8),
    /** Bytes that the peer has acknowledged. Since 4.1. */
    BYTES_ACKED(120, 8),
    /** Since 4.1. */
    BYTES_RECEIVED(128, 8),
    /** Since 4.2. */
    SEGS_OUT(136, 4),
    /** Since 4.2. */
    SEGS_IN(140, 4),
    /** Bytes in the send queue that were never sent. Since 4.6. */
    NOTSENT_BYTES(144, 4),
    /** µs. Since 4.6. */
    MIN_RTT(148, 4),
    /** Since 4.6. */
    DATA_SEGS_IN(152, 4),
    /** Since 4.6. */
    DATA_SEGS_OUT(156, 4),
    /** Bytes a second. Since 4.9. */
    DELIVERY_RATE(160, 8),
    /** µs spent sending. Since 4.10. */
    BUSY_TIME(168, 8),
    /** µs limited by the receive window. Since 4.10. */
    RWND_LIMITED(176, 8),
    /** µs limited by the send buffer. Since 4.10. */
    SNDBUF_LIMITED(184, 8),
    /** Segments. Since 4.18. */
    DELIVERED(192, 4),
    /** Segments with CE marks. Since 4.18. */
    DELIVERED_CE(196, 4),
    /** Data bytes, retransmissions included. Since 4.19. */
    BYTES_SENT(200, 8),
    /** Since 4.19. */
    BYTES_RETRANS(208, 8),
    /** Since 4.19. */
    DSACK_DUPS(216, 4),
    /** Since 4.19. */
    REORD_SEEN(220, 4),
    /** Segments out of order. Since 5.4. */
    RCV_OOOPACK(224, 4),
    /** The peer's window, bytes. Since 5.4. */
    SND_WND(228, 4),
    /** The window we advertise, bytes. Since 6.2. */
    RCV_WND(232, 4),
    /** Changes of the flow hash. Since 6.2. */
    REHASH(236, 4),
    /** Retransmission timeouts, SYN's and SYN-ACK's included. Since 6.7. */
    TOTAL_RTO(240, 2),
    /** Since 6.7. */
    TOTAL_RTO_RECOVERIES(242, 2),
    /** Milliseconds spent in them. Since 6.7. */
    TOTAL_RTO_TIME(244, 4),
    /** Segments. This and what follows is Accurate ECN's, since 6.18. */
    RECEIVED_CE(248, 4),
    DELIVERED_E1_BYTES(252, 4),
    DELIVERED_E0_BYTES(256, 4),
    DELIVERED_CE_BYTES(260, 4),
    RECEIVED_E1_BYTES(264, 4),
    RECEIVED_E0_BYTES(268, 4),
    RECEIVED_CE_BYTES(272, 4),
    ACCECN_FAIL_MODE(276, 2),
    ACCECN_OPT_SEEN(278, 2);

    private final int offset;
    private final int bytes;
    private final int firstBit;
    private final int bits;

    TcpInfoField(int offset, int bytes) {
        this(offset, bytes, 0, bytes * Byte.SIZE);
    }

    /** A bit-field, counted as compilers do on little-endian machines: from the least significant bit. */
    TcpInfoField(int offset, int bytes, int firstBit, int bits) {
        this.offset = offset;
        this.bytes = bytes;
        this.firstBit = firstBit;
        this.bits = bits;
    }

    /** The member's name in C: "tcpi_rtt". */
    public String kernelName() {
        return "tcpi_" + name().toLowerCase(Locale.ROOT);
    }

    /**
     * Whether the kernel keeps the member of a socket in this state. The times since something came or went are set by the
     * end of the handshake (tcp_finish_connect() and tcp_ack() in net/ipv4/tcp_input.c, tcp_create_openreq_child() in
     * net/ipv4/tcp_minisocks.c). Before, tcp_get_info() tells the time since jiffies were 0: since the machine was started,
     * less five minutes.
     */
    public boolean isKeptIn(TcpState state) {
        return switch (this) {
            case LAST_DATA_SENT, LAST_DATA_RECV, LAST_ACK_RECV -> state.isSynchronized();
            default -> true;
        };
    }

    int offset() {
        return offset;
    }

    int bytes() {
        return bytes;
    }

    int firstBit() {
        return firstBit;
    }

    int bits() {
        return bits;
    }

    /** The first byte behind the member. */
    int end() {
        return offset + bytes;
    }
}
