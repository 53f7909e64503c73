package io.tcplab.diagnose.causes;

import io.tcplab.diagnose.sample.Settings;
import io.tcplab.kernel.sockets.SocketTimer;
import io.tcplab.kernel.sockets.TcpState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** There are as many TIME_WAIT as tcp_max_tw_buckets allows: connections skip it, silently. */
final class TimeWaitOverflow extends Cause {
    private static final String COUNTER = "TcpExtTCPTimeWaitOverflow";
    private static final double NEAR = 0.9;

    TimeWaitOverflow() {
        super("time-wait-overflow", "TIME_WAIT close to or beyond tcp_max_tw_buckets");
    }

    @Override
    public List<Finding> find(Evidence evidence) {
        long dropped = evidence.counted(COUNTER).orElse(0);
        OptionalLong most = evidence.settings().number(Settings.TW_BUCKETS);
        int used = evidence.inNamespace(TcpState.TIME_WAIT).size() + orphans(evidence);
        if (dropped == 0 && (most.isEmpty() || used < most.getAsLong() * NEAR)) {
            return List.of();
        }
        List<String> lines = new ArrayList<>();
        lines.add(Words.count(used, "bucket") + " of " + (most.isPresent() ? most.getAsLong() : "?") + " ("
                + Settings.TW_BUCKETS + ") in use, including orphans in FIN_WAIT_2");
        lines.add(COUNTER + " went up by " + dropped + " in " + Words.time(evidence.window()));
        lines.add(Words.grouped(
                evidence.inNamespace(TcpState.TIME_WAIT),
                socket -> evidence.isAccepted(socket) ? "on port " + socket.localPort() : "to " + socket.peer()));
        return List.of(new Finding(
                id(),
                dropped > 0
                        ? "TIME_WAIT is full: " + Words.count(dropped, "connection") + " skipped it"
                        : "TIME_WAIT is nearly full",
                Optional.of(TcpState.TIME_WAIT),
                used,
                0,
                dropped > 0 ? Certainty.CERTAIN : Certainty.LIKELY,
                dropped > 0
                        ? "the kernel counts each, for the whole namespace"
                        : "the buckets are nearly used up; nothing was dropped during the diagnosis",
                dropped > 0
                        ? List.of()
                        : List.of(new Rival(
                                "a burst that has passed", "run this again in a minute: is it still as" + " full?")),
                lines,
                "A connection without TIME_WAIT can't answer a resent FIN, and its late segments may reach the next"
                        + " connection on"
                        + " its ports. Close fewer connections (keep-alive), or raise tcp_max_tw_buckets:"
                        + " each takes some 250 bytes.",
                Reproduction.TIME_WAIT_BUCKETS.experiment()));
    }

    @Override
    public List<String> observe(Evidence evidence) {
        return evidence.sinceBoot(COUNTER)
                .map(count -> List.of(
                        COUNTER + " is " + count + " since this network namespace was created, and" + " didn't grow"))
                .orElse(List.of());
    }

    /** Orphans in FIN_WAIT_2 become minisockets, which take a bucket each (tcp_time_wait() in net/ipv4/tcp_minisocks.c). */
    private static int orphans(Evidence evidence) {
        return Math.toIntExact(evidence.inNamespace(TcpState.FIN_WAIT2).stream()
                .filter(socket -> socket.timer() == SocketTimer.Kind.TIME_WAIT)
                .count());
    }
}
