package io.tcplab.diagnose.causes;

import io.tcplab.diagnose.sample.Settings;
import io.tcplab.diagnose.sample.SocketRow;
import io.tcplab.kernel.sockets.TcpState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** So many connections to one destination, or so much TIME_WAIT towards it, that connect() finds no free port. */
final class PortsExhausted implements Cause {
    /** tcp_timestamps, as tcpi_options has it (TCPI_OPT_TIMESTAMPS). */
    private static final int TIMESTAMPS = 1;

    private static final double NEAR = 0.8;

    @Override
    public String id() {
        return "ports-exhausted";
    }

    @Override
    public String lookedFor() {
        return "destinations whose local ports run out, in TIME_WAIT or in use";
    }

    @Override
    public List<Finding> find(Evidence evidence) {
        OptionalLong range = evidence.settings().localPorts();
        Optional<TimeWaits.Use> fullest = TimeWaits.fullest(evidence);
        if (range.isEmpty() || fullest.isEmpty() || fullest.get().ports() < range.getAsLong() * NEAR) {
            return List.of();
        }
        TimeWaits.Use use = fullest.get();
        List<String> lines = new ArrayList<>();
        lines.add(share(use, range.getAsLong()));
        TimeWaits.whoCloses(evidence).ifPresent(lines::add);
        lines.add(reuse(evidence, use));
        boolean waiting = use.timeWait() * 2 > use.ports();
        return List.of(new Finding(
                id(),
                "local ports run out from " + use.pair().words() + (waiting ? ": most are in TIME_WAIT" : ""),
                waiting ? Optional.of(TcpState.TIME_WAIT) : Optional.empty(),
                use.ports(),
                0,
                Certainty.LIKELY,
                "connect() fails with EADDRNOTAVAIL when none is left, and takes milliseconds to find one long before",
                lines,
                waiting
                        ? "Keep connections and use them again (keep-alive, a pool), or let the other side close first."
                                + " More addresses on either side multiply the ports; a wider ip_local_port_range adds some."
                        : "These are open connections: look for a pool without a bound, or one for each request.",
                (waiting ? Reproduction.TIME_WAIT_STORM : Reproduction.PORT_EXHAUSTION).experiment()));
    }

    @Override
    public List<String> observe(Evidence evidence) {
        List<String> words = new ArrayList<>();
        TimeWaits.whoCloses(evidence).ifPresent(words::add);
        OptionalLong range = evidence.settings().localPorts();
        Optional<TimeWaits.Use> fullest =
                TimeWaits.fullest(evidence).filter(use -> use.timeWait() > 0 && range.isPresent());
        fullest.ifPresent(use -> words.add(share(use, range.getAsLong())));
        return words;
    }

    private static String share(TimeWaits.Use use, long range) {
        return String.format(
                java.util.Locale.ROOT,
                "%,d of %,d local ports (%s) are taken from %s, %,d of them by TIME_WAIT",
                use.ports(),
                range,
                Settings.PORT_RANGE,
                use.pair().words(),
                use.timeWait());
    }

    /** Whether tcp_tw_reuse frees these ports: only for connections opened here, with timestamps (tcp_twsk_unique()). */
    private static String reuse(Evidence evidence, TimeWaits.Use use) {
        String value = evidence.settings().values().getOrDefault(Settings.TW_REUSE, "unknown");
        boolean loopback = use.pair().destination().isLoopbackAddress();
        if (!timestamps(evidence, use)) {
            return "tcp_tw_reuse can't help: these connections have no timestamps";
        }
        boolean on = value.equals("1") || (value.equals("2") && loopback);
        return on
                ? "tcp_tw_reuse is " + value + ": a port may be used again a second after it entered TIME_WAIT"
                : "tcp_tw_reuse is " + value + "; 1 would let connect() use a port again a second after it entered"
                        + " TIME_WAIT, since these connections were opened here and have timestamps";
    }

    private static boolean timestamps(Evidence evidence, TimeWaits.Use use) {
        return evidence.last().sockets().stream()
                .filter(socket -> TimeWaits.Pair.of(socket).equals(use.pair()))
                .map(SocketRow::activity)
                .flatMap(activity -> Optional.ofNullable(activity).stream())
                .findFirst()
                .map(activity -> (activity.options() & TIMESTAMPS) != 0)
                .orElseGet(() -> evidence.settings().number(Settings.TIMESTAMPS).orElse(1) != 0);
    }
}
