package io.tcplab.client;

import io.tcplab.transport.Transport;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * All that a {@link LabClient} is to do. Start from {@link #of} and change what differs.
 *
 * @param targets where to connect, in turn; literals, since nothing is resolved
 * @param sources where from, in turn, so that each source meets each target; empty: the kernel chooses. Port 0: the kernel
 *     chooses when it knows the target (IP_BIND_ADDRESS_NO_PORT), so that one port serves several targets; {@code nio} can't
 *     set that option, and there each connection takes a port of the source for itself. An explicit port is bound with
 *     SO_REUSEADDR, so that it serves several targets too
 * @param rate operations a second, started on schedule whatever the responses do (open loop); 0: each starts when another
 *     ends, as fast as the concurrency lets (closed loop)
 * @param concurrency the most operations under way at a time; what finds no place waits, and keeps its intended time
 * @param payloadBytes what an {@link Echo} sends and expects back; 0: nothing
 * @param eventLoops threads; loads and caps are shared out among them
 * @param connectTimeout Netty's own timer; zero: none, and the kernel's ETIMEDOUT shows (after
 *     {@code net.ipv4.tcp_syn_retries})
 * @param drain how long operations in flight may take once the plan has ended, before they are given up. With {@link Hold}
 *     it counts from the release
 * @param exchange what is said on the connections
 * @param tls null: none
 * @param lingerZero sets SO_LINGER 0 on each socket: every close that the client makes sends RST and leaves no TIME_WAIT
 */
public record LoadPlan(
        Load load,
        List<InetSocketAddress> targets,
        List<InetSocketAddress> sources,
        double rate,
        int concurrency,
        int payloadBytes,
        Stop stop,
        Transport transport,
        int eventLoops,
        Duration connectTimeout,
        Duration drain,
        boolean lingerZero,
        Exchange exchange,
        @Nullable Tls tls) {
    private static final int MOST_PAYLOAD = 64 << 20;

    public LoadPlan {
        targets = List.copyOf(targets);
        sources = List.copyOf(sources);
        require(!targets.isEmpty(), "targets", "there is none");
        targets.forEach(target -> require(target.getPort() > 0, "targets", target + " has no port"));
        Stream.concat(targets.stream(), sources.stream()).forEach(LoadPlan::requireLiteral);
        require(rate >= 0 && rate <= 1e9, "rate", rate + " is not between 0 and 1e9 a second");
        require(eventLoops >= 1, "eventLoops", eventLoops + " is less than 1");
        require(concurrency >= eventLoops, "concurrency", concurrency + " is less than eventLoops, " + eventLoops);
        require(
                payloadBytes >= 0 && payloadBytes <= MOST_PAYLOAD,
                "payloadBytes",
                payloadBytes + " is not between 0 and " + MOST_PAYLOAD);
        require(
                !connectTimeout.isNegative() && connectTimeout.toMillis() <= Integer.MAX_VALUE,
                "connectTimeout",
                connectTimeout + " is negative, or longer than 24 days");
        require(
                connectTimeout.isZero() || connectTimeout.toMillis() > 0,
                "connectTimeout",
                connectTimeout + " is less than a millisecond");
        require(
                !drain.isNegative() && drain.compareTo(Stop.LONGEST) <= 0,
                "drain",
                drain + " is negative, or longer than " + Stop.LONGEST);
        if (load instanceof KeepAlive it) {
            require(it.pool() >= eventLoops, "pool", it.pool() + " is less than eventLoops, " + eventLoops);
        }
        Fit.require(load, exchange, payloadBytes, tls != null);
    }

    /**
     * One echo of 64 bytes over epoll, without TLS: no rate, 64 in flight, one event loop, no connect timeout, a drain
     * of 10 seconds.
     */
    public static LoadPlan of(Load load, InetSocketAddress... targets) {
        return new LoadPlan(
                load,
                List.of(targets),
                List.of(),
                0,
                64,
                64,
                new Stop.AfterCount(1),
                Transport.EPOLL,
                1,
                Duration.ZERO,
                Duration.ofSeconds(10),
                false,
                new Echo(),
                null);
    }

    public LoadPlan withLoad(Load load) {
        return changed(draft -> draft.load = load);
    }

    public LoadPlan withTargets(List<InetSocketAddress> targets) {
        return changed(draft -> draft.targets = targets);
    }

    public LoadPlan withSources(List<InetSocketAddress> sources) {
        return changed(draft -> draft.sources = sources);
    }

    public LoadPlan withRate(double rate) {
        return changed(draft -> draft.rate = rate);
    }

    public LoadPlan withConcurrency(int concurrency) {
        return changed(draft -> draft.concurrency = concurrency);
    }

    public LoadPlan withPayloadBytes(int payloadBytes) {
        return changed(draft -> draft.payloadBytes = payloadBytes);
    }

    public LoadPlan withStop(Stop stop) {
        return changed(draft -> draft.stop = stop);
    }

    public LoadPlan withTransport(Transport transport) {
        return changed(draft -> draft.transport = transport);
    }

    public LoadPlan withEventLoops(int eventLoops) {
        return changed(draft -> draft.eventLoops = eventLoops);
    }

    public LoadPlan withConnectTimeout(Duration connectTimeout) {
        return changed(draft -> draft.connectTimeout = connectTimeout);
    }

    public LoadPlan withDrain(Duration drain) {
        return changed(draft -> draft.drain = drain);
    }

    public LoadPlan withLingerZero(boolean lingerZero) {
        return changed(draft -> draft.lingerZero = lingerZero);
    }

    public LoadPlan withExchange(Exchange exchange) {
        return changed(draft -> draft.exchange = exchange);
    }

    public LoadPlan withTls(@Nullable Tls tls) {
        return changed(draft -> draft.tls = tls);
    }

    /** What each operation does, in one sentence. */
    public String summary() {
        return load.summary(exchange) + (tls == null ? "" : "; over TLS");
    }

    private LoadPlan changed(Consumer<Draft> change) {
        Draft draft = new Draft(this);
        change.accept(draft);
        return draft.plan();
    }

    private static void requireLiteral(InetSocketAddress address) {
        require(!address.isUnresolved(), "targets and sources", address + " is not a literal address");
    }

    private static void require(boolean holds, String field, String problem) {
        if (!holds) {
            throw new IllegalArgumentException(field + ": " + problem);
        }
    }

    /** A plan while it is being changed. */
    private static final class Draft {
        Load load;
        List<InetSocketAddress> targets;
        List<InetSocketAddress> sources;
        double rate;
        int concurrency;
        int payloadBytes;
        Stop stop;
        Transport transport;
        int eventLoops;
        Duration connectTimeout;
        Duration drain;
        boolean lingerZero;
        Exchange exchange;

        @Nullable
        Tls tls;

        Draft(LoadPlan plan) {
            load = plan.load;
            targets = plan.targets;
            sources = plan.sources;
            rate = plan.rate;
            concurrency = plan.concurrency;
            payloadBytes = plan.payloadBytes;
            stop = plan.stop;
            transport = plan.transport;
            eventLoops = plan.eventLoops;
            connectTimeout = plan.connectTimeout;
            drain = plan.drain;
            lingerZero = plan.lingerZero;
            exchange = plan.exchange;
            tls = plan.tls;
        }

        LoadPlan plan() {
            return new LoadPlan(
                    load,
                    targets,
                    sources,
                    rate,
                    concurrency,
                    payloadBytes,
                    stop,
                    transport,
                    eventLoops,
                    connectTimeout,
                    drain,
                    lingerZero,
                    exchange,
                    tls);
        }
    }
}
