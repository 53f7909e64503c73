package io.tcplab.client;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.tcplab.kernel.Errno;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/**
 * A client's report as meters. They show the report that was last {@link #update given}, so that all of one scrape are of
 * one moment, and the client isn't asked once for each of them.
 */
public final class ClientMeters {
    private static final double NANOS_PER_SECOND = 1e9;
    private static final Map<String, ToDoubleFunction<Percentiles>> QUANTILES = Map.of(
            "0.5", Percentiles::p50,
            "0.9", Percentiles::p90,
            "0.99", Percentiles::p99,
            "0.999", Percentiles::p999,
            "1", Percentiles::max);

    private final MeterRegistry registry;
    private final Tags tags;
    private final Set<String> failures = new HashSet<>();
    private volatile LoadReport report;

    /**
     * Registers every {@link ClientMeter}.
     *
     * @param load what the client does; its name is the tag {@code load}
     */
    public ClientMeters(MeterRegistry registry, Load load, LoadReport first) {
        this.registry = registry;
        tags = Tags.of("load", load.name());
        report = first;
        counter(ClientMeter.INTENDED, LoadReport::intended);
        counter(ClientMeter.DELAYED, LoadReport::delayed);
        counter(ClientMeter.CONNECTED, LoadReport::connected);
        counter(ClientMeter.COMPLETED, LoadReport::completed);
        counter(ClientMeter.GIVEN_UP, LoadReport::givenUp);
        counter(ClientMeter.SENT, LoadReport::bytesSent);
        counter(ClientMeter.RECEIVED, LoadReport::bytesReceived);
        gauge(ClientMeter.IN_FLIGHT, Tags.empty(), LoadReport::inFlight);
        gauge(ClientMeter.WAITING, Tags.empty(), LoadReport::waiting);
        quantiles(ClientMeter.CONNECT_LATENCY, LoadReport::connectLatency);
        quantiles(ClientMeter.COMPLETION_LATENCY, LoadReport::completionLatency);
        quantiles(ClientMeter.LAG, LoadReport::lag);
        Stream.of(Errno.ECONNREFUSED, Errno.ECONNRESET, Errno.ETIMEDOUT, Errno.EADDRNOTAVAIL, Errno.EMFILE)
                .map(Errno::name)
                .forEach(this::failure);
        failure(LoadReport.END_OF_STREAM);
        update(first);
    }

    /** Shows this report from now on. For one thread at a time. */
    public void update(LoadReport latest) {
        report = latest;
        latest.failures().keySet().forEach(this::failure);
    }

    private void failure(String errno) {
        if (failures.add(errno)) {
            counter(ClientMeter.FAILED, Tags.of("errno", errno), latest -> latest.failed(errno));
        }
    }

    private void counter(ClientMeter meter, ToDoubleFunction<LoadReport> value) {
        counter(meter, Tags.empty(), value);
    }

    private void counter(ClientMeter meter, Tags more, ToDoubleFunction<LoadReport> value) {
        // The registry refers to `this` only weakly, but to the function strongly: so that reads this object's field.
        FunctionCounter.builder(meter.id(), this, alsoThis -> value.applyAsDouble(report))
                .description(meter.description())
                .baseUnit(meter.unit())
                .tags(tags.and(more))
                .register(registry);
    }

    private void quantiles(ClientMeter meter, Function<LoadReport, Percentiles> distribution) {
        QUANTILES.forEach((quantile, nanos) -> gauge(meter, Tags.of("quantile", quantile), latest -> {
            Percentiles percentiles = distribution.apply(latest);
            return percentiles.count() == 0 ? Double.NaN : nanos.applyAsDouble(percentiles) / NANOS_PER_SECOND;
        }));
    }

    private void gauge(ClientMeter meter, Tags more, ToDoubleFunction<LoadReport> value) {
        Gauge.builder(meter.id(), this, alsoThis -> value.applyAsDouble(report))
                .description(meter.description())
                .baseUnit(meter.unit())
                .tags(tags.and(more))
                .register(registry);
    }
}
