package io.tcplab.experiments.catalogue;

import io.tcplab.experiments.claims.Claim;
import java.util.List;

/** What is told about half-open connections, about settings, and about looking. */
final class PracticeClaims {
    private static final HalfOpen HALF_OPEN = new HalfOpen();

    private static final DeadPeerDetection DEAD_PEER = new DeadPeerDetection();

    private static final SysctlFileApplied FILE = new SysctlFileApplied();
    private static final CountedStates COUNTS = new CountedStates();

    private PracticeClaims() {}

    static List<Claim> all() {
        return List.of(
                Claim.of(21, "settings go to sysctl.conf and are in force after sysctl -p", """
                                At once, and for the network namespace in which it is called: a container has values of its own. What a socket
                                took when it was made or listened (somaxconn, buffer sizes) it keeps.""")
                        .upheldBy(FILE, FILE.READ_BACK, "read back")
                        .upheldBy(FILE, FILE.NEXT_LISTENER, "queue limit of the next listen()")
                        .upheldBy(FILE, FILE.OLD_CONNECTION, "FIN_WAIT_2 timer by its tcp_fin_timeout, s"),
                Claim.of(27, "netstat and awk count how many connections are in which state", """
                                They do: netstat reads /proc/net/tcp and /proc/net/tcp6, and a line's state is its sixth column. It takes longer than
                                sock_diag, by which ss asks, and on a busy host the text isn't of one moment.""")
                        .upheldBy(COUNTS, COUNTS.BY_LINES, "lines by state")
                        .upheldBy(COUNTS, COUNTS.BY_SOCK_DIAG, "by sock_diag"),
                Claim.of(32, "writing to a connection whose other end has died gets a RST", """
                                If a host answers that has started again. One that stays dark doesn't: the kernel sends the data again and again
                                and gives up with ETIMEDOUT, after some 15 minutes with tcp_retries2 at 15. The run sets it lower.""")
                        .upheldBy(HALF_OPEN, HALF_OPEN.RESET, "from a host that has started again")
                        .contradictedBy(HALF_OPEN, HALF_OPEN.TIMED_OUT, "from one that stays dark"),
                Claim.of(33, "the RST mends a half-open connection: it is opened anew", """
                                The kernel never connects by itself. The RST ends the socket, and the application has to make another. What
                                finds a dead peer before the next write is keepalive or a heartbeat; TCP_USER_TIMEOUT bounds what was
                                written, also to a live peer that keeps its window closed.""")
                        .contradictedBy(HALF_OPEN, HALF_OPEN.FINISHED, "the next write after the RST")
                        .contradictedBy(HALF_OPEN, HALF_OPEN.NO_SYN, "SYNs for two connect()s")
                        .contradictedBy(DEAD_PEER, DEAD_PEER.NO_RECONNECT, "SYNs for the eight that went dark"));
    }
}
