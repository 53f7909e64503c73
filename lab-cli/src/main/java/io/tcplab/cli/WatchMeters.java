package io.tcplab.cli;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.tcplab.client.LatestMeters;
import io.tcplab.diagnose.Look;
import io.tcplab.diagnose.Overview;
import io.tcplab.diagnose.causes.Cause;
import io.tcplab.diagnose.causes.Causes;
import io.tcplab.kernel.sockets.TcpState;
import java.util.Map;
import java.util.stream.Collectors;

/** What is watched as meters. All of one scrape are of one look: a scrape itself looks at nothing. */
final class WatchMeters {
    private static final double NANOS_PER_SECOND = 1e9;

    private final LatestMeters<Latest> meters;

    /** What the meters show. */
    private record Latest(
            Map<TcpState, Overview.Level> states,
            Map<String, Long> findings,
            Map<String, Long> counters,
            long looks,
            double seconds) {}

    /** Registers every {@link WatchMeter}, with the first look. */
    WatchMeters(MeterRegistry registry, Look look, Overview overview) {
        Latest first = latest(look, overview, 1);
        meters = new LatestMeters<>(registry, Tags.of("target", look.target()), first);
        TcpState.reported()
                .forEach(state -> meters.gauge(
                        WatchMeter.STATE,
                        Tags.of("state", state.label()),
                        now -> now.states()
                                .getOrDefault(state, new Overview.Level(0, 0))
                                .sockets()));
        Causes.all().stream()
                .map(Cause::id)
                .forEach(cause -> meters.gauge(
                        WatchMeter.CAUSE,
                        Tags.of("cause", cause),
                        now -> now.findings().getOrDefault(cause, 0L)));
        first.counters()
                .keySet()
                .forEach(counter -> meters.counter(
                        WatchMeter.COUNTER,
                        Tags.of("counter", counter),
                        now -> now.counters().getOrDefault(counter, 0L)));
        meters.counter(WatchMeter.TAKEN, Tags.empty(), Latest::looks);
        meters.gauge(WatchMeter.LOOK, Tags.empty(), Latest::seconds);
    }

    /** Shows this look from now on. For one thread at a time. */
    void update(Look look, Overview overview) {
        meters.update(latest(look, overview, meters.latest().looks() + 1));
    }

    private static Latest latest(Look look, Overview overview, long looks) {
        Map<String, Long> counters = look.samples().getLast().counters().values();
        return new Latest(
                overview.states(),
                overview.diagnosis().findings().stream()
                        .collect(Collectors.groupingBy(finding -> finding.cause(), Collectors.counting())),
                Overview.counters().stream()
                        .filter(counters::containsKey)
                        .collect(Collectors.toMap(counter -> counter, counters::get)),
                looks,
                overview.cost().toNanos() / NANOS_PER_SECOND);
    }
}
