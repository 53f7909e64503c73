package io.tcplab.server;

import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.toUnmodifiableMap;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.tcplab.kernel.Errno;
import io.tcplab.transport.Errnos;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** The meters of one server, looked up once: a lookup for each connection would cost more than the count. */
final class ServerMeters {
    private final MeterRegistry registry;
    private final Tags tags;
    private final AtomicInteger active = new AtomicInteger();
    private final Counter accepted;
    private final Counter received;
    private final Counter sent;
    private final Map<CloseCause, Counter> closed;

    ServerMeters(MeterRegistry registry, Behaviour behaviour) {
        this.registry = registry;
        tags = Tags.of("behaviour", behaviour.name());
        accepted = counter(ServerMeter.ACCEPTED, Tags.empty());
        received = counter(ServerMeter.RECEIVED, Tags.empty());
        sent = counter(ServerMeter.SENT, Tags.empty());
        // Loads now what names a failure: once descriptors have run out, no class file can be opened.
        acceptFailures(new IOException(Errno.EMFILE.description()));
        closed = Arrays.stream(CloseCause.values())
                .collect(toUnmodifiableMap(
                        cause -> cause, cause -> counter(ServerMeter.CLOSED, Tags.of("cause", cause.label()))));
        Gauge.builder(ServerMeter.ACTIVE.id(), active, AtomicInteger::get)
                .description(ServerMeter.ACTIVE.description())
                .baseUnit(ServerMeter.ACTIVE.unit())
                .tags(tags)
                .strongReference(true)
                .register(registry);
    }

    void accepted() {
        accepted.increment();
        active.incrementAndGet();
    }

    void acceptFailed(Throwable cause) {
        acceptFailures(cause).increment();
    }

    private Counter acceptFailures(Throwable cause) {
        return counter(ServerMeter.ACCEPT_FAILURES, Tags.of("errno", Errnos.nameOf(cause)));
    }

    void closed(CloseCause cause) {
        active.decrementAndGet();
        requireNonNull(closed.get(cause)).increment();
    }

    void received(int bytes) {
        received.increment(bytes);
    }

    void sent(int bytes) {
        sent.increment(bytes);
    }

    Timer loopLag(int loop) {
        return Timer.builder(ServerMeter.LOOP_LAG.id())
                .description(ServerMeter.LOOP_LAG.description())
                .tags(tags.and("loop", Integer.toString(loop)))
                .register(registry);
    }

    private Counter counter(ServerMeter meter, Tags more) {
        return Counter.builder(meter.id())
                .description(meter.description())
                .baseUnit(meter.unit())
                .tags(tags.and(more))
                .register(registry);
    }
}
