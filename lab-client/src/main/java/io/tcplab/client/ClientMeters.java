package io.tcplab.client;

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

    private final LatestMeters<LoadReport> meters;
    private final Set<String> failures = new HashSet<>();

    /**
     * Registers every {@link ClientMeter}.
     *
     * @param load what the client does; its name is the tag {@code load}
     */
    public ClientMeters(MeterRegistry registry, Load load, LoadReport first) {
        meters = new LatestMeters<>(registry, Tags.of("load", load.name()), first);
        counter(ClientMeter.INTENDED, LoadReport::intended);
        counter(ClientMeter.DELAYED, LoadReport::delayed);
        counter(ClientMeter.CONNECTED, LoadReport::connected);
        counter(ClientMeter.COMPLETED, LoadReport::completed);
        counter(ClientMeter.GIVEN_UP, LoadReport::givenUp);
        counter(ClientMeter.SENT, LoadReport::bytesSent);
        counter(ClientMeter.RECEIVED, LoadReport::bytesReceived);
        meters.gauge(ClientMeter.IN_FLIGHT, Tags.empty(), LoadReport::inFlight);
        meters.gauge(ClientMeter.WAITING, Tags.empty(), LoadReport::waiting);
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
        meters.update(latest);
        latest.failures().keySet().forEach(this::failure);
    }

    private void failure(String errno) {
        if (failures.add(errno)) {
            meters.counter(ClientMeter.FAILED, Tags.of("errno", errno), latest -> latest.failed(errno));
        }
    }

    private void counter(ClientMeter meter, ToDoubleFunction<LoadReport> value) {
        meters.counter(meter, Tags.empty(), value);
    }

    private void quantiles(ClientMeter meter, Function<LoadReport, Percentiles> distribution) {
        QUANTILES.forEach((quantile, nanos) -> meters.gauge(meter, Tags.of("quantile", quantile), latest -> {
            Percentiles percentiles = distribution.apply(latest);
            return percentiles.count() == 0 ? Double.NaN : nanos.applyAsDouble(percentiles) / NANOS_PER_SECOND;
        }));
    }
}
