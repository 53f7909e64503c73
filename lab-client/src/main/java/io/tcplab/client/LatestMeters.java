package io.tcplab.client;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.tcplab.transport.LabMeter;
import java.util.function.ToDoubleFunction;

/**
 * Meters of what was last {@link #update given}, so that all of one scrape are of one moment, and a scrape asks nobody.
 *
 * @param <T> what is given; immutable
 */
public final class LatestMeters<T> {
    private final MeterRegistry registry;
    private final Tags tags;
    private volatile T latest;

    /**
     * None yet.
     *
     * @param tags of all of them
     * @param first what they show until the first update
     */
    public LatestMeters(MeterRegistry registry, Tags tags, T first) {
        this.registry = registry;
        this.tags = tags;
        this.latest = first;
    }

    /** Shows this from now on. For one thread at a time. */
    public void update(T newer) {
        latest = newer;
    }

    /** What they show. */
    public T latest() {
        return latest;
    }

    /** Registers a counter, with more tags than all of them have. */
    public void counter(LabMeter meter, Tags more, ToDoubleFunction<T> value) {
        // The registry refers to `this` only weakly, but to the function strongly: so that reads this object's field.
        FunctionCounter.builder(meter.id(), this, alsoThis -> value.applyAsDouble(latest))
                .description(meter.description())
                .baseUnit(meter.unit())
                .tags(tags.and(more))
                .register(registry);
    }

    /** Registers a gauge, with more tags than all of them have. */
    public void gauge(LabMeter meter, Tags more, ToDoubleFunction<T> value) {
        Gauge.builder(meter.id(), this, alsoThis -> value.applyAsDouble(latest))
                .description(meter.description())
                .baseUnit(meter.unit())
                .tags(tags.and(more))
                .register(registry);
    }
}
