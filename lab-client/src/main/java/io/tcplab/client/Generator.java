package io.tcplab.client;

import io.netty.channel.ChannelException;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import io.tcplab.transport.Errnos;
import io.tcplab.transport.Transport;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;

/**
 * One event loop's share of a plan: starts operations when the {@link Pacer} says so, and knows the connections that are
 * open. All of it runs on the loop, which sleeps in between, unless a method says otherwise.
 */
final class Generator {
    /** After this many starts in a row the loop's I/O gets its turn, or answers would wait behind a catch-up. */
    private static final int BURST = 64;

    /** java.nio's selector sleeps for whole milliseconds; asked for less than half of one, its loop would spin. */
    private static final long SHORTEST_SLEEP_OF_NIO = 1_000_000;

    private final Job job;
    private final LoopTasks tasks;
    private final long shortestSleep;
    private final Pacer pacer;
    private final Opener opener;
    private final int poolSize;
    private final Set<Connection> live = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Queue<ConnectionHandler> resting = new ArrayDeque<>();
    private long arrived;
    private boolean armed;
    private boolean released;
    private boolean toldEstablished;
    private boolean toldFinished;

    /**
     * What the loops of a client have in common.
     *
     * @param talk what goes over each connection
     * @param origin the plan's start on {@link System#nanoTime}'s clock
     * @param established to be called by each loop once: all its operations are held or have ended
     * @param finished to be called by each loop once: all its operations have ended, and all its sockets are closed
     * @param broken gets what no load or peer can bring about: a mistake in here
     */
    record Job(
            LoadPlan plan,
            Talk talk,
            Tally tally,
            long origin,
            Runnable established,
            Runnable finished,
            Consumer<Throwable> broken) {}

    Generator(Job job, int number, EventLoop loop) {
        LoadPlan plan = job.plan;
        this.job = job;
        this.tasks = new LoopTasks(loop, job.broken);
        this.shortestSleep = plan.transport() == Transport.NIO ? SHORTEST_SLEEP_OF_NIO : 0;
        this.opener = new Opener(this, plan, job.talk, loop, number);
        this.poolSize = plan.load() instanceof KeepAlive it ? share(it.pool(), number) : Integer.MAX_VALUE;
        this.pacer = new Pacer(
                new Schedule(plan.rate(), plan.stop(), number, plan.eventLoops()),
                Math.min(poolSize, share(plan.concurrency(), number)));
    }

    private int share(int all, int number) {
        int loops = job.plan.eventLoops();
        return all / loops + (number < all % loops ? 1 : 0);
    }

    // From any thread.

    void start() {
        tasks.soon(() -> {
            if (job.plan.stop() instanceof Stop.AfterDuration it) {
                tasks.later(this::pump, it.duration().toNanos());
            }
            pump();
        });
    }

    /** Closes what is held. */
    void release() {
        tasks.soon(() -> {
            released = true;
            List.copyOf(live).forEach(Connection::onRelease);
            if (pacer.ended()) {
                drain();
            }
        });
    }

    /** Gives everything up and closes all. */
    void stop() {
        try {
            tasks.soon(() -> {
                end();
                giveUpAll();
            });
        } catch (RejectedExecutionException ended) {
            // The plan has just ended by itself, and its loop with it: nothing is left to give up.
        }
    }

    long taken() {
        return pacer.taken();
    }

    long intended(long elapsed) {
        return pacer.intended(elapsed);
    }

    // For handlers.

    long now() {
        return System.nanoTime() - job.origin;
    }

    Tally tally() {
        return job.tally;
    }

    boolean released() {
        return released;
    }

    void arrived(long operations) {
        arrived += operations;
        tellEstablished();
    }

    /** A timer that can be cancelled. */
    Future<?> timer(Runnable action, Duration delay) {
        return tasks.timer(action, delay);
    }

    void placeFreed() {
        if (pacer.placeFreed(now())) {
            wakeIn(0);
        }
    }

    void rest(ConnectionHandler handler) {
        if (pacer.ended()) {
            handler.close();
        } else {
            resting.add(handler);
        }
    }

    void opened(Connection connection) {
        live.add(connection);
    }

    void closed(Connection connection) {
        live.remove(connection);
        resting.remove(connection);
        checkFinished();
    }

    // Pacing.

    /**
     * Always by the timer, even when something is due at once: what is scheduled runs after the loop has looked at its
     * sockets again, whereas a task that adds a task could keep it from them.
     */
    private void wakeIn(long nanos) {
        if (!armed) {
            armed = true;
            tasks.later(this::wake, nanos);
        }
    }

    private void wake() {
        armed = false;
        pump();
    }

    private void pump() {
        for (int i = 0; i < BURST; i++) {
            long now = now();
            switch (pacer.step(now)) {
                case START -> begin(now);
                case WAIT -> {
                    wakeIn(Math.max(shortestSleep, pacer.next(now) - now));
                    return;
                }
                case NO_PLACE -> {
                    return;
                }
                case ENDED -> {
                    end();
                    return;
                }
            }
        }
        wakeIn(0);
    }

    private void begin(long now) {
        long intended = pacer.next(now);
        if (job.plan.rate() > 0) {
            job.tally.started(pacer.lag(now), pacer.delayed(now));
        }
        pacer.take();
        if (live.size() < poolSize) {
            dial(intended);
        } else {
            // There is one: each connection of a full pool that isn't resting holds a place.
            ConnectionHandler rested = resting.remove();
            rested.begin(intended);
            rested.onConnected();
        }
    }

    private void dial(long intended) {
        try {
            opener.open(intended);
        } catch (ChannelException none) {
            job.tally.failed(Errnos.nameOf(none), 0);
            arrived(1);
            placeFreed();
        }
    }

    // Ending.

    private void end() {
        if (pacer.ended()) {
            return;
        }
        long abandoned = pacer.end(now());
        job.tally.givenUp(abandoned);
        resting.forEach(Connection::close);
        if (released || !(job.plan.load() instanceof Hold)) {
            drain();
        }
        arrived(abandoned);
        checkFinished();
    }

    private void drain() {
        tasks.later(
                () -> List.copyOf(live).forEach(Connection::tooLate),
                job.plan.drain().toNanos());
    }

    private void giveUpAll() {
        List.copyOf(live).forEach(Connection::giveUp);
    }

    private void tellEstablished() {
        if (!toldEstablished && pacer.ended() && arrived == pacer.taken()) {
            toldEstablished = true;
            job.established.run();
        }
    }

    /** A turn of the loop later: java.nio closes a descriptor only when it selects again. */
    private void checkFinished() {
        if (!toldFinished && pacer.ended() && live.isEmpty()) {
            toldFinished = true;
            tasks.later(job.finished, 0);
        }
    }
}
