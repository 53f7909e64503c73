package io.tcplab.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.LeakPresenceDetector;
import io.tcplab.kernel.netns.Namespace;
import io.tcplab.transport.Transport;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;

/** A network namespace for each test, with a client on one of the transports and plain peers. */
abstract class ClientFixture {
    /** For what takes milliseconds on an idle machine. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    final Transport transport;
    final Namespace namespace = Namespace.createWithOwnTable("client-test");
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();

    ClientFixture(Transport transport) {
        this.transport = transport;
    }

    @AfterEach
    void closeAll() throws Exception {
        while (!opened.isEmpty()) {
            opened.pop().close();
        }
        namespace.close();
        LeakPresenceDetector.check();
    }

    /** Closes it after the test, before all that was opened earlier. */
    final <T extends AutoCloseable> T closing(T resource) {
        opened.push(resource);
        return resource;
    }

    final Peer peer(Peer.Conduct conduct) {
        return closing(Peer.serve(namespace, conduct));
    }

    final LoadPlan plan(Load load, Peer... peers) {
        return plan(load, Arrays.stream(peers).map(Peer::address).toArray(InetSocketAddress[]::new));
    }

    final LoadPlan plan(Load load, InetSocketAddress... targets) {
        return LoadPlan.of(load, targets).withTransport(transport).withDrain(PATIENCE);
    }

    final LabClient start(LoadPlan plan) {
        return closing(LabClient.start(plan, namespace.threadFactory("client")));
    }

    /** Runs a plan to its end. */
    final LoadReport run(LoadPlan plan) {
        return await(start(plan).finished());
    }

    static LoadPlan times(long operations, LoadPlan plan) {
        return plan.withStop(new Stop.AfterCount(operations));
    }

    static LoadReport await(CompletableFuture<LoadReport> report) {
        try {
            return report.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException | InterruptedException failure) {
            throw new AssertionError(failure);
        }
    }

    /** Looks again and again until it holds. */
    static void until(BooleanSupplier holds, Supplier<?> state) {
        Awaitility.await()
                .atMost(PATIENCE)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(1))
                .untilAsserted(() -> assertThat(holds.getAsBoolean())
                        .as(() -> "it is " + state.get())
                        .isTrue());
    }
}
