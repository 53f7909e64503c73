package io.tcplab.experiments.catalogue;

import io.tcplab.experiments.claims.Claim;
import java.util.List;

/** Claims about half-open connections, settings, and counting sockets. */
final class PracticeClaims {
    private static final HalfOpen HALF_OPEN = new HalfOpen();

    private static final DeadPeerDetection DEAD_PEER = new DeadPeerDetection();

    private static final SysctlFileApplied FILE = new SysctlFileApplied();
    private static final CountedStates COUNTS = new CountedStates();

    private PracticeClaims() {}

    static List<Claim> all() {
        return List.of(
                Claim.of(21, "settings go into sysctl.conf and take effect after sysctl -p", """
                                Immediately, and for the network namespace in which it runs: a container has its own
                                values. A socket keeps what it copied when it was created or listened (somaxconn, buffer
                                sizes).""")
                        .upheldBy(FILE, FILE.READ_BACK, "read back")
                        .upheldBy(FILE, FILE.NEXT_LISTENER, "queue limit of the next listen()")
                        .upheldBy(FILE, FILE.OLD_CONNECTION, "FIN_WAIT_2 timer by its tcp_fin_timeout, s"),
                Claim.of(27, "netstat and awk count the connections in each state", """
                                They do: netstat reads /proc/net/tcp and /proc/net/tcp6, and the state is the sixth
                                column. It takes longer than sock_diag, which ss uses, and on a busy host the lines
                                aren't all from the same moment.""")
                        .upheldBy(COUNTS, COUNTS.BY_LINES, "lines by state")
                        .upheldBy(COUNTS, COUNTS.BY_SOCK_DIAG, "by sock_diag"),
                Claim.of(32, "writing to a connection whose other end has died gets a RST", """
                                Only if a host answers that has restarted. A host that stays dark doesn't: the kernel
                                retransmits the data and gives up with ETIMEDOUT, after some 15 minutes with
                                tcp_retries2 at 15. The run sets it lower.""")
                        .upheldBy(HALF_OPEN, HALF_OPEN.RESET, "from a host that has restarted")
                        .contradictedBy(HALF_OPEN, HALF_OPEN.TIMED_OUT, "from one that stays dark"),
                Claim.of(33, "the RST repairs a half-open connection: it is reopened", """
                                The kernel never reconnects. The RST ends the socket, and the application has to create
                                another. Keepalive or a heartbeat detects a dead peer before the next write;
                                TCP_USER_TIMEOUT limits how long written data may wait, also for a live peer that keeps
                                its window closed.""")
                        .contradictedBy(HALF_OPEN, HALF_OPEN.FINISHED, "the next write after the RST")
                        .contradictedBy(HALF_OPEN, HALF_OPEN.NO_SYN, "SYNs for two connect()s")
                        .contradictedBy(DEAD_PEER, DEAD_PEER.NO_RECONNECT, "SYNs for the eight that went dark"));
    }
}
