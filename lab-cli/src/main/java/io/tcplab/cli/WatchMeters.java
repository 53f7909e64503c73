package io.tcplab.cli;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.tcplab.diagnose.Look;
import io.tcplab.diagnose.Overview;
import io.tcplab.diagnose.causes.Cause;
import io.tcplab.diagnose.causes.Causes;
import io.tcplab.kernel.sockets.TcpState;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/** What is watched as meters. All of one scrape are of one look: a scrape itself looks at nothing. */
final class WatchMeters {
    private static final double NANOS_PER_SECOND = 1e9;

    private final MeterRegistry registry;
    private final Tags tags;
    private volatile Latest latest;

    /** What the meters show. */
    private record Latest(
            Map<TcpState, Overview.Level> states,
            Map<String, Long> findings,
            Map<String, Long> counters,
            long looks,
            double seconds) {}

    /** Registers every {@link WatchMeter}, with the first look. */
    WatchMeters(MeterRegistry registry, Look look, Overview overview) {
        this.registry = registry;
        this.tags = Tags.of("target", look.target());
        this.latest = latest(look, overview, 1);
        TcpState.reported()
                .forEach(state -> gauge(
                        WatchMeter.STATE,
                        Tags.of("state", state.label()),
                        now -> now.states()
                                .getOrDefault(state, new Overview.Level(0, 0))
                                .sockets()));
        Causes.all().stream()
                .map(Cause::id)
                .forEach(cause -> gauge(
                        WatchMeter.CAUSE,
                        Tags.of("cause", cause),
                        now -> now.findings().getOrDefault(cause, 0L)));
        latest.counters()
                .keySet()
                .forEach(counter -> counter(
                        WatchMeter.COUNTER,
                        Tags.of("counter", counter),
                        now -> now.counters().getOrDefault(counter, 0L)));
        counter(WatchMeter.TAKEN, Tags.empty(), Latest::looks);
        gauge(WatchMeter.LOOK, Tags.empty(), Latest::seconds);
    }

    /** Shows this look from now on. For one thread at a time. */
    void update(Look look, Overview overview) {
        latest = latest(look, overview, latest.looks() + 1);
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

    private void counter(WatchMeter meter, Tags more, ToDoubleFunction<Latest> value) {
        // The registry refers to `this` only weakly, but to the function strongly: so that reads this object's field.
        FunctionCounter.builder(meter.id(), this, alsoThis -> value.applyAsDouble(latest))
                .description(meter.description())
                .baseUnit(meter.unit())
                .tags(tags.and(more))
                .register(registry);
    }

    private void gauge(WatchMeter meter, Tags more, ToDoubleFunction<Latest> value) {
        Gauge.builder(meter.id(), this, alsoThis -> value.applyAsDouble(latest))
                .description(meter.description())
                .baseUnit(meter.unit())
                .tags(tags.and(more))
                .register(registry);
    }
}
