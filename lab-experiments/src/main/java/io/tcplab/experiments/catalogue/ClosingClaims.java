package io.tcplab.experiments.catalogue;

import static io.tcplab.experiments.Role.CLIENT;
import static io.tcplab.experiments.Role.SERVER;

import io.tcplab.experiments.claims.Claim;
import io.tcplab.experiments.claims.ClaimRun;
import java.util.List;

/** Claims about closing a connection: which side goes through which states, CLOSE_WAIT, RST and half-close. */
final class ClosingClaims {
    private static final FourWayClose FOUR_WAY = new FourWayClose();
    private static final ClaimRun CLIENT_FIRST = ClaimRun.of(FOUR_WAY).with("closer", "client");
    private static final ClaimRun SERVER_FIRST = ClaimRun.of(FOUR_WAY).with("closer", "server");
    private static final ThreeSegmentClose THREE_SEGMENTS = new ThreeSegmentClose();
    private static final CloseWaitLeak LEAK = new CloseWaitLeak();
    private static final CloseWaitBlocked BLOCKED = new CloseWaitBlocked();
    private static final CloseWaitTimeout IMPATIENT = new CloseWaitTimeout();
    private static final CloseWaitBacklog UNACCEPTED = new CloseWaitBacklog();
    private static final LingerReset LINGER = new LingerReset();
    private static final HalfClose HALF_CLOSE = new HalfClose();
    private static final SimultaneousClose SIMULTANEOUS = new SimultaneousClose();

    private ClosingClaims() {}

    static List<Claim> all() {
        return List.of(
                Claim.of(
                                6,
                                "the side that closes first goes through FIN_WAIT_1, FIN_WAIT_2 and TIME_WAIT, the"
                                        + " other through CLOSE_WAIT and LAST_ACK; either side may be first",
                                """
                                RFC 9293, section 3.6. Client and server are roles of the handshake only: in a close,
                                the only roles are first and second.""")
                        .upheldBy(CLIENT_FIRST, FOUR_WAY.PATHS.seenFrom(CLIENT), "the client first")
                        .upheldBy(SERVER_FIRST, FOUR_WAY.PATHS.seenFrom(SERVER), "the server first"),
                Claim.of(7, "sometimes three segments are enough to close a connection", """
                                If the other side closes before its kernel has acknowledged the FIN, within the
                                delayed-ACK time of some 40 ms, its own FIN carries the acknowledgement. If it closes
                                later, there are four.""")
                        .upheldBy(THREE_SEGMENTS, THREE_SEGMENTS.THREE, "closed by three")
                        .upheldBy(THREE_SEGMENTS, THREE_SEGMENTS.FOUR, "by four, where the server waits longer"),
                Claim.of(8, "CLOSE_WAIT lasts from the ACK of the peer's FIN until our own FIN", """
                                Only the process sends our own FIN, with close() or shutdown(). The kernel has no
                                timeout for CLOSE_WAIT: it outlives the peer's FIN_WAIT_2, and after that not even the
                                peer knows the connection.""")
                        .upheldBy(LEAK, LEAK.PEERS_LEAVE, "seconds until the peers' FIN_WAIT_2 had expired")
                        .upheldBy(LEAK, LEAK.STILL_STUCK, "CLOSE_WAIT of 500 after that"),
                Claim.of(
                                9,
                                "CLOSE_WAIT piles up because close() is missing, or isn't reached: blocking I/O, an"
                                        + " endless loop",
                                """
                                Both happen, and the kernel shows which. EOF read, close() forgotten: Recv-Q 0. EOF
                                never read, because the thread is stuck elsewhere: Recv-Q is the unread bytes plus one
                                for the FIN.""")
                        .upheldBy(LEAK, LEAK.STUCK, "close() missing, Recv-Q 0")
                        .upheldBy(BLOCKED, BLOCKED.LOOP_STUCK, "event loop stuck, Recv-Q > 0")
                        .upheldBy(BLOCKED, BLOCKED.NEVER_READ, "never read, Recv-Q > 0")
                        .upheldBy(BLOCKED, BLOCKED.STUCK_AFTER_EOF, "stuck between EOF and close(), Recv-Q 0"),
                Claim.of(10, "CLOSE_WAIT piles up because the peer's timeout is too short", """
                                It contributes: if the handler takes longer than the peer's timeout, CLOSE_WAIT lasts
                                for the handler's time minus that timeout. Then it ends by itself, so it is no leak.""")
                        .upheldBy(IMPATIENT, IMPATIENT.LASTS, "seconds in CLOSE_WAIT, the peer's timeout growing"),
                Claim.of(
                                11,
                                "CLOSE_WAIT piles up because a large backlog holds connections that were closed"
                                        + " before accept()",
                                """
                                No process owns them, so `ss -p` shows none: inode 0 in `ss -e`, and counted in the listener's Recv-Q.""")
                        .upheldBy(UNACCEPTED, UNACCEPTED.NO_OWNER, "in CLOSE_WAIT without an owner")
                        .upheldBy(UNACCEPTED, UNACCEPTED.IN_QUEUE, "in the listener's Recv-Q"),
                Claim.of(20, "SO_LINGER makes close() send RST and skip TIME_WAIT", """
                                Only with a time of 0. With any other time, close() waits until the data is
                                acknowledged, sends FIN, and TIME_WAIT follows as usual. A RST from linger 0 is counted
                                in TCPAbortOnData, and discards whatever is in Send-Q.""")
                        .upheldBy(LINGER, LINGER.COUNTED, "RSTs by linger 0 (TCPAbortOnData)")
                        .upheldBy(LINGER, LINGER.NO_TIME_WAIT, "TIME_WAIT after them")
                        .contradictedBy(LINGER, LINGER.LINGER_TIME, "TIME_WAIT after one close() with linger 5"),
                Claim.of(31, "read() returned 0, so the peer has closed the connection and sending is pointless", """
                                EOF means that the peer has stopped sending. After shutdown(SHUT_WR) it still receives,
                                and a half-closed connection carries data the other way for as long as needed (RFC 9293,
                                section 3.6).""")
                        .contradictedBy(
                                HALF_CLOSE, HALF_CLOSE.CLIENT_RECEIVES, "sockets that received after their own FIN")
                        .contradictedBy(HALF_CLOSE, HALF_CLOSE.NOTHING_LOST, "bytes read after it"),
                Claim.of(34, "both ends may close at the same time: FIN_WAIT_1, CLOSING, TIME_WAIT on both", """
                                The FINs cross (RFC 9293, section 3.6, figure 13). Each end counts as the one that closed first, so each keeps
                                TIME_WAIT.""")
                        .upheldBy(
                                SIMULTANEOUS, SIMULTANEOUS.FIN_WAIT, "FIN_WAIT_1 at the server, before the FINs arrive")
                        .upheldBy(SIMULTANEOUS, SIMULTANEOUS.CLOSING_SEEN, "sockets that went to CLOSING")
                        .upheldBy(SIMULTANEOUS, SIMULTANEOUS.BOTH_WAIT, "TIME_WAIT at the server")
                        .upheldBy(SIMULTANEOUS, SIMULTANEOUS.SO_DOES_CLIENT, "at the client"));
    }
}
