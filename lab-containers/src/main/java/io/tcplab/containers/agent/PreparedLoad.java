package io.tcplab.containers.agent;

import io.tcplab.client.LoadPlan;
import io.tcplab.experiments.cell.LocalHost;
import io.tcplab.experiments.cell.TimedLoad;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/** A load that is ready but for the instant at which it begins: so agents that get ready at different speeds begin together. */
final class PreparedLoad {
    private final CompletableFuture<Boolean> ready = new CompletableFuture<>();
    private final CompletableFuture<Long> instant = new CompletableFuture<>();
    private final CompletableFuture<TimedLoad> load = new CompletableFuture<>();

    private PreparedLoad() {}

    /** Makes it ready; throws what keeps it from that. */
    static PreparedLoad of(LocalHost host, LoadPlan plan) throws InterruptedException {
        PreparedLoad prepared = new PreparedLoad();
        Thread.ofPlatform().daemon().name("load").start(() -> prepared.start(host, plan));
        get(prepared.ready);
        return prepared;
    }

    private void start(LocalHost host, LoadPlan plan) {
        try {
            load.complete(host.loadAt(plan, () -> {
                ready.complete(true);
                return instant.join();
            }));
        } catch (RuntimeException | Error e) {
            load.completeExceptionally(e);
            ready.completeExceptionally(e);
        }
    }

    /** Returns when it has begun. */
    void begin(long atNanos) throws InterruptedException {
        instant.complete(atNanos);
        get(load);
    }

    /** The load, once it has begun. */
    TimedLoad load() {
        if (!load.isDone()) {
            throw new IllegalArgumentException("the load hasn't begun");
        }
        return load.join();
    }

    /** Also throws what the load's own thread threw, as it was. */
    private static <T> T get(CompletableFuture<T> future) throws InterruptedException {
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : new CompletionException(e.getCause());
        }
    }
}
