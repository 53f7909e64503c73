package io.tcplab.experiments.catalogue;

import io.tcplab.experiments.claims.Claim;
import java.util.List;

/** Claims about opening a connection, its queues and SYN cookies. */
final class OpeningClaims {
    private static final ThreeWayHandshake HANDSHAKE = new ThreeWayHandshake();
    private static final StaleSyn STALE = new StaleSyn();
    private static final LostFinalAck LOST_ACK = new LostFinalAck();
    private static final SimultaneousOpen SIMULTANEOUS = new SimultaneousOpen();
    private static final CloseWaitBacklog UNACCEPTED = new CloseWaitBacklog();
    private static final SynQueueOverflow SYN_QUEUE = new SynQueueOverflow();
    private static final SynCookies COOKIES = new SynCookies();
    private static final BacklogOverflow NOBODY_ACCEPTS = new BacklogOverflow();

    private OpeningClaims() {}

    static List<Claim> all() {
        return List.of(
                Claim.of(
                                1,
                                "a handshake takes the client through SYN_SENT and the server, from LISTEN, through"
                                        + " SYN_RECV to ESTABLISHED",
                                """
                                RFC 9293, section 3.5, figure 6. On Linux the listener itself stays in LISTEN: a request
                                socket, and later the new connection's own socket, are in SYN_RECV. The tracepoint
                                reports the second one.""")
                        .upheldBy(HANDSHAKE, HANDSHAKE.PATHS, "paths"),
                Claim.of(2, "the server calls accept(), and only then does the connection enter SYN_RECV", """
                                The kernel answers the SYN and completes the handshake by itself. accept() only takes a
                                connection from the queue that is already ESTABLISHED. So a client's connect() succeeds
                                even if the process hangs.""")
                        .contradictedBy(HANDSHAKE, HANDSHAKE.CONNECTED, "connects that succeeded before any accept()")
                        .contradictedBy(
                                NOBODY_ACCEPTS,
                                NOBODY_ACCEPTS.NOT_ACCEPTED,
                                "ESTABLISHED without an owner where accept() is never called"),
                Claim.of(3, "a handshake of two segments would cost nothing but some retransmissions", """
                                There would be retransmissions. But also, an old SYN that arrives again would give the
                                server a connection that nobody wants, and its own sequence number would stay
                                unconfirmed. The third segment makes the difference: an ACK from a client that wants the
                                connection, a RST from one that doesn't.""")
                        .contradictedBy(STALE, STALE.ANSWERED_BY_RST, "old SYNs whose SYN-ACK got a RST")
                        .contradictedBy(STALE, STALE.NOT_YET, "in SYN_RECV after two segments")
                        .contradictedBy(STALE, STALE.FORGOTTEN, "ended by that RST (EmbryonicRsts)"),
                Claim.of(4, "if the last ACK of the handshake is lost, the server resends its SYN-ACK", """
                                At 1, 3, 7, 15 and 31 seconds, as often as tcp_synack_retries says; then it gives up
                                SYN_RECV. The client doesn't notice: it is ESTABLISHED. Its first data also carries an
                                ACK, and makes up for the loss.""")
                        .upheldBy(LOST_ACK, LOST_ACK.HALF_OPEN, "in SYN_RECV while the client is connected")
                        .upheldBy(LOST_ACK, LOST_ACK.TIMETABLE, "SYN-ACKs after the first, s"),
                Claim.of(5, "a handshake of four segments is never useful", """
                                If both ends connect to each other at the same time, each answers the other's SYN with a
                                SYN-ACK: four segments, one connection, no listener (RFC 9293, section 3.5, figure 7).""")
                        .contradictedBy(SIMULTANEOUS, SIMULTANEOUS.FOUR, "segments that opened a connection"),
                Claim.of(
                        12,
                        "before Linux 2.2 the backlog was the sum of both queues, half-open and complete",
                        "it is about kernels before 2.2, which can't run this lab"),
                Claim.of(13, "tcp_max_syn_backlog limits the half-open connections of a listener", """
                                With SYN cookies, the default, the limit is min(backlog, somaxconn) + 1, and further
                                SYNs get a cookie. tcp_max_syn_backlog counts only with tcp_syncookies=0, and then three
                                quarters of it, for peers not known to be alive.""")
                        .supersededBy(SYN_QUEUE, SYN_QUEUE.COOKIES_ON, "in SYN_RECV, cookies on, backlog 50, limit 8")
                        .upheldBy(SYN_QUEUE, SYN_QUEUE.COOKIES_OFF_SMALL, "cookies off, limit 8")
                        .upheldBy(SYN_QUEUE, SYN_QUEUE.COOKIES_OFF_LARGER, "cookies off, limit 128"),
                Claim.of(14, "a connection that its peer closed before accept() is still accepted", """
                                It waits in the accept queue, in CLOSE_WAIT, with all its data. read() then returns the
                                data and EOF. After a RST, accept() succeeds too, and the first read() fails with
                                ECONNRESET.""")
                        .upheldBy(UNACCEPTED, UNACCEPTED.ACCEPTED, "accepted after the peer had closed")
                        .upheldBy(UNACCEPTED, UNACCEPTED.READ_EOF, "closed ones read to EOF")
                        .upheldBy(UNACCEPTED, UNACCEPTED.READ_RESET, "reset ones whose read fails with ECONNRESET"),
                Claim.of(22, "tcp_syncookies is 0 by default", """
                                It is 1: a fallback for a full SYN queue. It has a price: the server stores nothing
                                about the connection, so a client whose last ACK is lost has a connection that the
                                server doesn't have.""")
                        .contradictedBy(COOKIES, COOKIES.ON_BY_DEFAULT, "tcp_syncookies where nobody has set it")
                        .contradictedBy(COOKIES, COOKIES.SENT, "SYNs answered by a cookie (SyncookiesSent)"),
                Claim.of(30, "both ends may open at the same time; it takes four segments", """
                                A SYN both ways, then a SYN-ACK both ways, through SYN_SENT, SYN_RECV and ESTABLISHED on
                                both hosts. Linux also acknowledges the other's SYN-ACK; the connection doesn't need
                                that.""")
                        .upheldBy(SIMULTANEOUS, SIMULTANEOUS.FOUR, "segments")
                        .upheldBy(SIMULTANEOUS, SIMULTANEOUS.BOTH, "ends that are ESTABLISHED without a listener"));
    }
}
