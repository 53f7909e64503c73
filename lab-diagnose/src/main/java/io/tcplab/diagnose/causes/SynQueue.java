package io.tcplab.diagnose.causes;

import io.tcplab.diagnose.sample.Settings;
import io.tcplab.kernel.sockets.TcpState;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A SYN queue that was full. It holds one more than listen()'s backlog, which somaxconn caps (inet_csk_reqsk_queue_is_full() in
 * include/net/inet_connection_sock.h); with tcp_syncookies 0 also no more than three quarters of tcp_max_syn_backlog, of peers
 * that aren't known (tcp_conn_request() in net/ipv4/tcp_input.c).
 *
 * @param port of the listener that it belongs to
 * @param backlog of its listeners together
 * @param peak the most openings that a look saw in it
 * @param full how often it was full when a SYN came, by the counters of the whole namespace
 */
record SynQueue(int port, long backlog, long peak, long full) {
    private static final String COOKIES = "TcpExtTCPReqQFullDoCookies";
    private static final String DROPS = "TcpExtTCPReqQFullDrop";
    private static final double HALF = 0.5;

    /** The target's queue that was full; empty if none was, or if another's may have been. */
    static Optional<SynQueue> of(Evidence evidence) {
        long full = timesFull(evidence);
        if (full == 0) {
            return Optional.empty();
        }
        Map<Integer, Long> peaks = peaks(evidence);
        Map<Integer, Long> backlogs = new HashMap<>();
        evidence.in(TcpState.LISTEN)
                .forEach(listener -> backlogs.merge(listener.localPort(), listener.sendQueue(), Long::sum));
        return backlogs.entrySet().stream()
                .map(entry ->
                        new SynQueue(entry.getKey(), entry.getValue(), peaks.getOrDefault(entry.getKey(), 0L), full))
                .max(Comparator.comparingDouble(SynQueue::fullness))
                .filter(queue -> queue.fullness() > HALF || isOnly(evidence, queue.port));
    }

    /** How often a queue of the namespace was full; 2 makes cookies for each SYN, so that the counter means nothing. */
    static long timesFull(Evidence evidence) {
        boolean always = evidence.settings().shown(Settings.SYNCOOKIES).equals("2");
        return (always ? 0 : evidence.counted(COOKIES).orElse(0))
                + evidence.counted(DROPS).orElse(0)
                + overSynBacklog(evidence);
    }

    /** What holds: SYNs of more were dropped, or answered by cookies. */
    long room() {
        return backlog + 1;
    }

    private double fullness() {
        return (double) peak / room();
    }

    /** Only without cookies. Such a SYN counts as a ListenDrop, and as nothing else. */
    private static long overSynBacklog(Evidence evidence) {
        long other = evidence.counted("TcpExtListenDrops").orElse(0)
                - evidence.counted("TcpExtListenOverflows").orElse(0)
                - evidence.counted(DROPS).orElse(0);
        if (other <= 0 || !evidence.settings().shown(Settings.SYNCOOKIES).equals("0")) {
            return 0;
        }
        long limit = evidence.settings().number(Settings.SYN_BACKLOG).orElse(Long.MAX_VALUE);
        boolean reached = peaks(evidence).values().stream().anyMatch(peak -> peak >= limit - limit / 4 - 1);
        return reached ? other : 0;
    }

    /** The most openings of each port that a look saw. */
    private static Map<Integer, Long> peaks(Evidence evidence) {
        Map<Integer, Long> peaks = new HashMap<>();
        for (Indexed look : evidence.looks()) {
            Map<Integer, Long> now = new HashMap<>();
            look.in(TcpState.SYN_RECV).forEach(socket -> now.merge(socket.localPort(), 1L, Long::sum));
            now.forEach((port, count) -> peaks.merge(port, count, Math::max));
        }
        return peaks;
    }

    private static boolean isOnly(Evidence evidence, int port) {
        return evidence.inNamespace(TcpState.LISTEN).stream().allMatch(socket -> socket.localPort() == port);
    }
}
