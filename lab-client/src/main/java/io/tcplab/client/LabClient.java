package io.tcplab.client;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.EventExecutor;
import io.tcplab.transport.EventLoops;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/**
 * A load generator at work on a {@link LoadPlan}. With a rate it is an open loop: operations start on schedule, whatever the
 * responses do, and latency counts from the time at which an operation was meant to start, so that a stalled server shows
 * in every operation that it kept waiting (no coordinated omission).
 *
 * <p>Sockets are made on the event loops' threads, and so in the network namespace which these have entered. All methods may
 * be called from any thread.
 */
public final class LabClient implements AutoCloseable {
    /** A loop that a handler blocks never ends; one that gets no processor does. */
    private static final Duration CLOSE_WITHIN = Duration.ofMinutes(1);

    private final EventLoopGroup group;
    private final Tally tally = new Tally();
    private final List<Generator> generators = new ArrayList<>();
    private final CompletableFuture<LoadReport> established = new CompletableFuture<>();
    private final CompletableFuture<LoadReport> finished = new CompletableFuture<>();
    private final AtomicBoolean closing = new AtomicBoolean();
    private final long origin;
    private volatile long end = Long.MAX_VALUE;

    private LabClient(LoadPlan plan, EventLoopGroup group, LongSupplier instant) {
        this.group = group;
        // Before the plan's time begins: the first use of codecs and TLS takes a tenth of a second, for their classes.
        Talk talk = new Talk(plan);
        talk.rehearse();
        AtomicInteger establishing = new AtomicInteger(plan.eventLoops());
        AtomicInteger running = new AtomicInteger(plan.eventLoops());
        awaitInstant(instant.getAsLong());
        this.origin = System.nanoTime();
        Generator.Job job = new Generator.Job(
                plan,
                talk,
                tally,
                origin,
                () -> loopEstablished(establishing),
                () -> loopFinished(running),
                this::broken);
        for (EventExecutor loop : group) {
            generators.add(new Generator(job, generators.size(), (EventLoop) loop));
        }
    }

    /**
     * Starts the plan; returns when the loops' threads run.
     *
     * @param threads makes the loops' threads: platform threads that have entered their network namespace before they run
     * @throws io.tcplab.transport.TransportUnavailable when the transport can't be used here
     * @throws IllegalStateException when the threads don't run
     */
    public static LabClient start(LoadPlan plan, ThreadFactory threads) {
        return startAt(plan, threads, System::nanoTime);
    }

    /**
     * As {@link #start(LoadPlan, ThreadFactory)}, but the plan's time begins at an instant, so that several clients can begin at the
     * same time. If the instant has passed it begins at once; {@link #startedAtNanos} tells.
     *
     * @param instant on System.nanoTime's clock; asked when everything is ready, and may block until somebody knows
     */
    public static LabClient startAt(LoadPlan plan, ThreadFactory threads, LongSupplier instant) {
        EventLoopGroup group = EventLoops.start(plan.transport(), plan.eventLoops(), threads);
        LabClient client = new LabClient(plan, group, instant);
        client.generators.forEach(Generator::start);
        return client;
    }

    private static void awaitInstant(long atNanos) {
        for (long left = atNanos - System.nanoTime(); left > 0; left = atNanos - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    /**
     * Completes when the plan has started all its operations and each is held (with {@link Hold}) or has ended. Stages that
     * depend on it run on an event loop unless they are asynchronous: they must not block.
     */
    public CompletableFuture<LoadReport> established() {
        return established.copy();
    }

    /**
     * Completes when the plan has ended, each operation too, and all sockets are closed; with {@link Hold} only after
     * {@link #release()}. Failed connections are no failure of it: they are counted. Stages that depend on it run on an
     * event loop unless they are asynchronous: they must not block.
     */
    public CompletableFuture<LoadReport> finished() {
        return finished.copy();
    }

    /** The counts at this moment; cheap enough to ask for several times a second. */
    public LoadReport snapshot() {
        long elapsed = Math.min(System.nanoTime(), end) - origin;
        Tally.Ended ended = tally.ended();
        long intended = 0;
        long waiting = 0;
        for (Generator generator : generators) {
            long taken = generator.taken();
            long due = generator.intended(elapsed);
            intended += due;
            waiting += due - taken;
        }
        return tally.report(ended, intended, waiting, Duration.ofNanos(elapsed));
    }

    /** The distributions at this moment; a copy, which takes some ten microseconds. */
    public LoadTimings timings() {
        return tally.timings();
    }

    /** When the plan's time began, on System.nanoTime's clock. */
    public long startedAtNanos() {
        return origin;
    }

    private void loopEstablished(AtomicInteger establishing) {
        if (establishing.decrementAndGet() == 0) {
            established.complete(snapshot());
        }
    }

    private void loopFinished(AtomicInteger running) {
        if (running.decrementAndGet() == 0) {
            end = System.nanoTime();
            finished.complete(snapshot());
        }
    }

    private void broken(Throwable mistake) {
        established.completeExceptionally(mistake);
        finished.completeExceptionally(mistake);
    }

    /** Closes what {@link Hold} holds, and what it establishes from now on at once. Nothing else is concerned. */
    public void release() {
        try {
            generators.forEach(Generator::release);
        } catch (RejectedExecutionException closed) {
            // The loops have ended, and with them all that was held.
            return;
        }
    }

    /**
     * Ends the plan: operations under way are given up, all sockets are closed, the threads end. Returns when that is done,
     * which takes milliseconds; from an event loop at once. A second call does nothing more.
     *
     * @throws IllegalStateException when the threads haven't ended after two seconds
     */
    @Override
    public void close() {
        if (closing.compareAndSet(false, true)) {
            generators.forEach(Generator::stop);
        }
        if (onLoop()) {
            shutDownWhenFinished();
        } else {
            awaitFinished();
            try {
                EventLoops.stop(group, CLOSE_WITHIN);
            } finally {
                finishAnyway();
            }
        }
    }

    /** Loops that were stopped before they had closed everything don't report their end. */
    private void finishAnyway() {
        if (!finished.isDone()) {
            LoadReport last = snapshot();
            established.complete(last);
            finished.complete(last);
        }
    }

    private boolean onLoop() {
        for (EventExecutor loop : group) {
            if (loop.inEventLoop()) {
                return true;
            }
        }
        return false;
    }

    @SuppressWarnings("FutureReturnValueIgnored") // Nobody can wait here: what would have to be awaited is this thread.
    private void shutDownWhenFinished() {
        finished.whenComplete((report, mistake) -> group.shutdownGracefully(0, 1, TimeUnit.SECONDS));
    }

    /** Loops that shut down close their channels too, but then no operation would know that it was given up. */
    private void awaitFinished() {
        try {
            finished.get(CLOSE_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException ended) {
            // A failure goes to the caller who asked for the report, a late loop to the one who stops it.
            return;
        }
    }
}
