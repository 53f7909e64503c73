package io.tcplab.diagnose.causes;

import io.tcplab.diagnose.sample.Settings;
import io.tcplab.diagnose.sample.SocketRow;
import io.tcplab.kernel.sockets.TcpState;
import java.time.Duration;
import java.util.Optional;

/**
 * Whether connect() may take ports over that are in TIME_WAIT: tcp_tw_reuse, for connections that were opened here and have
 * timestamps (tcp_twsk_unique() in net/ipv4/tcp_ipv4.c).
 *
 * @param value of tcp_tw_reuse
 * @param timestamps whether these connections have them
 * @param on whether it applies to them as it stands
 * @param delay how long they have to be in TIME_WAIT before
 */
record TimeWaitReuse(String value, boolean timestamps, boolean on, Duration delay) {
    /** tcp_timestamps, as tcpi_options has it (TCPI_OPT_TIMESTAMPS). */
    private static final int TIMESTAMPS = 1;

    /** TCP_TIMEWAIT_LEN of include/net/tcp.h. */
    private static final Duration TIME_WAIT = Duration.ofMinutes(1);

    /** What it is where it can't be set: before Linux 6.14. */
    private static final long USUAL_DELAY_MILLIS = 1000;

    /** For the connections of a pair. 2 means loopback only. */
    static TimeWaitReuse of(Evidence evidence, PairPorts.Pair pair) {
        String value = evidence.settings().shown(Settings.TW_REUSE);
        boolean timestamps = hasTimestamps(evidence, pair);
        boolean loopback = pair.destination().isLoopbackAddress();
        return new TimeWaitReuse(
                value,
                timestamps,
                timestamps && (value.equals("1") || (value.equals("2") && loopback)),
                Duration.ofMillis(
                        evidence.settings().number(Settings.TW_REUSE_DELAY).orElse(USUAL_DELAY_MILLIS)));
    }

    /** How many ports of the pair connect() may take over at once. */
    int reusable(Evidence evidence, PairPorts.Pair pair) {
        return on
                ? (int) evidence.last().sockets().stream()
                        .filter(socket -> isOldEnough(evidence.now(socket))
                                && PairPorts.Pair.of(socket).equals(pair))
                        .count()
                : 0;
    }

    String words() {
        if (!timestamps) {
            return "tcp_tw_reuse can't help: these connections have no timestamps";
        }
        String after = Words.time(delay) + " after it entered TIME_WAIT";
        return on
                ? "tcp_tw_reuse is " + value + ": connect() may reuse a port " + after
                : "tcp_tw_reuse is " + value + "; 1 would let connect() reuse a port " + after
                        + ", because these connections were opened here and have timestamps";
    }

    private boolean isOldEnough(SocketRow socket) {
        return socket.state() == TcpState.TIME_WAIT
                && Duration.ofMillis(socket.timerMillis()).compareTo(TIME_WAIT.minus(delay)) <= 0;
    }

    private static boolean hasTimestamps(Evidence evidence, PairPorts.Pair pair) {
        return evidence.last().sockets().stream()
                .filter(socket ->
                        socket.activity() != null && PairPorts.Pair.of(socket).equals(pair))
                .map(SocketRow::activity)
                .flatMap(activity -> Optional.ofNullable(activity).stream())
                .findFirst()
                .map(activity -> (activity.options() & TIMESTAMPS) != 0)
                .orElseGet(() -> evidence.settings().number(Settings.TIMESTAMPS).orElse(1) != 0);
    }
}
