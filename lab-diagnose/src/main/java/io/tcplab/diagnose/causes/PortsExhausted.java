package io.tcplab.diagnose.causes;

import io.tcplab.diagnose.sample.LocalPorts;
import io.tcplab.diagnose.sample.Settings;
import io.tcplab.kernel.sockets.TcpState;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** No free local port is left, or nearly: for connect() to one destination, or for bind() before connect() to any. */
final class PortsExhausted extends Cause {
    private static final double NEAR = 0.8;

    PortsExhausted() {
        super(
                "ports-exhausted",
                "local ports running out: to one destination, or for one source that binds before it connects");
    }

    @Override
    public List<Finding> find(Evidence evidence) {
        Optional<LocalPorts> found = evidence.settings().localPorts();
        if (found.isEmpty()) {
            return List.of();
        }
        LocalPorts range = found.get();
        double near = range.size() * NEAR;
        Optional<Finding> bound = SourcePorts.fullest(evidence, range)
                .filter(use -> use.taken() >= near)
                .map(use -> ofSource(evidence, use, range));
        return bound
                .or(() -> evidence.fullestPair()
                        .filter(use -> use.ports() >= near)
                        .flatMap(use -> ofPair(evidence, use, range, near)))
                .stream()
                .toList();
    }

    @Override
    public List<String> observe(Evidence evidence) {
        List<String> words = new ArrayList<>();
        TimeWaits.whoCloses(evidence).ifPresent(words::add);
        evidence.settings()
                .localPorts()
                .ifPresent(range -> evidence.fullestPair()
                        .filter(use -> use.timeWait() > 0)
                        .ifPresent(use -> words.add(share(use, range))));
        return words;
    }

    private Optional<Finding> ofPair(Evidence evidence, PairPorts use, LocalPorts range, double near) {
        TimeWaitReuse reuse = TimeWaitReuse.of(evidence, use.pair());
        int reusable = reuse.reusable(evidence, use.pair());
        if (use.ports() - reusable < near) {
            return Optional.empty();
        }
        List<String> lines = new ArrayList<>();
        lines.add(share(use, range));
        TimeWaits.whoCloses(evidence).ifPresent(lines::add);
        lines.add(reuse.words() + (reusable > 0 ? "; that applies to " + reusable + " of them" : ""));
        boolean waiting = use.timeWait() * 2 > use.ports();
        return Optional.of(new Finding(
                id(),
                "local ports run out from " + use.pair().words() + (waiting ? ": most are in TIME_WAIT" : ""),
                waiting ? Optional.of(TcpState.TIME_WAIT) : Optional.empty(),
                use.ports(),
                0,
                Certainty.LIKELY,
                "connect() fails with EADDRNOTAVAIL when none is left, and takes milliseconds to find one long before; the"
                        + " kernel doesn't count failed calls",
                List.of(new Rival(
                        "an intended number of connections that doesn't grow further",
                        "the program's log: do connects fail with EADDRNOTAVAIL (cannot assign requested address)?")),
                lines,
                waiting
                        ? "Reuse connections (keep-alive, a pool), or let the other side close first."
                                + " More addresses on either side multiply the ports; a wider ip_local_port_range adds some."
                        : "These are open connections: look for a pool without a limit, or a pool per request.",
                (waiting ? Reproduction.TIME_WAIT_STORM : Reproduction.PORT_EXHAUSTION).experiment()));
    }

    private Finding ofSource(Evidence evidence, SourcePorts use, LocalPorts range) {
        String address = use.source().getHostAddress();
        return new Finding(
                id(),
                String.format(
                        Locale.ROOT,
                        "local ports run out on %s: bind() has taken %,d of %,d, each for all destinations",
                        address,
                        use.taken(),
                        range.size()),
                Optional.empty(),
                use.taken(),
                0,
                Certainty.LIKELY,
                "bind() fails with EADDRINUSE when none is left, whatever the destination; the kernel doesn't count"
                        + " failed"
                        + " calls",
                List.of(new Rival("a program that chooses its own ports", "strace -e bind: does it ask for port 0?")),
                evidenceOf(evidence, use, range),
                use.idle() * 2 > use.taken()
                        ? "These sockets are only bound: look for a connect() that fails and leaves its socket open."
                        : "Set IP_BIND_ADDRESS_NO_PORT on the socket before bind() with port 0: then connect() chooses, and a"
                                + " port serves one connection to each destination. Or don't bind, or bind to more addresses.",
                Reproduction.PORT_EXHAUSTION.experiment());
    }

    private static List<String> evidenceOf(Evidence evidence, SourcePorts use, LocalPorts range) {
        List<String> lines = new ArrayList<>();
        lines.add(String.format(
                Locale.ROOT,
                "%,d of %,d local ports (%s: %s) are taken on %s: %,d by TIME_WAIT, %,d by sockets that are only bound",
                use.taken(),
                range.size(),
                Settings.PORT_RANGE,
                range.words(),
                use.source().getHostAddress(),
                use.waiting(),
                use.idle()));
        if (use.sockets() > 0) {
            lines.add(use.words(evidence, range));
            lines.add(String.format(
                    Locale.ROOT,
                    "%s here shares its port with another; if connect() had chosen the ports, about %,.0f would",
                    use.sharing() == 0 ? "no connection" : Words.count(use.sharing(), "connection"),
                    use.shared()));
        }
        return lines;
    }

    private static String share(PairPorts use, LocalPorts range) {
        return String.format(
                Locale.ROOT,
                "%,d of %,d local ports (%s: %s) are taken from %s, %,d of them by TIME_WAIT",
                use.ports(),
                range.size(),
                Settings.PORT_RANGE,
                range.words(),
                use.pair().words(),
                use.timeWait());
    }
}
