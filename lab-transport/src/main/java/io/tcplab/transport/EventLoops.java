package io.tcplab.transport;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.time.Duration;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/** Starts the event loops of a program, on threads that someone else makes. */
public final class EventLoops {
    /** On a machine that is busy, or frozen for a while. */
    private static final Duration START_WITHIN = Duration.ofSeconds(10);

    private EventLoops() {}

    /**
     * A group of event loops, one thread each, which run; shut it down when done.
     *
     * <p>A socket belongs to the network namespace of the thread that called {@code socket(2)}, and Netty calls that on
     * the thread that asks to bind or to connect. So the factory's threads enter their namespace before they run, and
     * <b>bind and connect must be called on a loop</b>: {@code group.next().submit(() -> bootstrap.connect(...))}.
     * Accepted sockets inherit the listener's namespace.
     *
     * @param threads how many loops; at least 1
     * @param factory makes the loops' threads; it must return platform threads, since {@code setns(2)} on a virtual
     *     thread would move its carrier
     * @throws TransportUnavailable if it is so
     * @throws IllegalStateException when the threads don't run; whatever {@code Thread.start()} throws
     */
    public static EventLoopGroup start(Transport transport, int threads, ThreadFactory factory) {
        return start(transport, threads, factory, START_WITHIN);
    }

    static EventLoopGroup start(Transport transport, int threads, ThreadFactory factory, Duration within) {
        if (threads < 1) {
            throw new IllegalArgumentException("event loops: " + threads + " is less than 1");
        }
        transport.unavailable().ifPresent(reason -> {
            throw new TransportUnavailable(transport, reason);
        });
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(threads, factory, transport.ioHandler());
        try {
            awaitThreads(group, within);
            return group;
        } catch (RuntimeException failed) {
            try {
                stop(group, within);
            } catch (IllegalStateException also) { // whose threads don't run doesn't end, either
                failed.addSuppressed(also);
            }
            throw failed;
        }
    }

    /**
     * Before there is work: a loop keeps what it was given although its thread couldn't be started, and does it while it shuts down. And
     * the time in which threads start would show as the first operations' lag.
     */
    private static void awaitThreads(EventLoopGroup group, Duration within) {
        for (EventExecutor loop : group) {
            Future<?> runs = loop.submit(() -> {});
            if (!runs.awaitUninterruptibly(within.toMillis())) {
                throw new IllegalStateException("an event loop's thread didn't run within " + within.toMillis()
                        + " ms: does its factory make threads that run what they are given?");
            }
        }
    }

    /**
     * Ends the loops, which closes all their channels, and waits for it. Callable again; not from a loop of the group.
     *
     * <p>If the calling thread is interrupted it stops waiting and keeps its interrupt status; the loops end on their
     * own.
     *
     * @throws IllegalStateException when they haven't ended after {@code patience}: a handler blocks its loop
     */
    public static void stop(EventLoopGroup group, Duration patience) {
        // The group tells its end through Netty's global executor, whose thread, if it isn't running, is started by
        // the last loop and would inherit and so hold that loop's network namespace. Start it from here instead.
        GlobalEventExecutor.INSTANCE.execute(() -> {});
        Future<?> stopped = group.shutdownGracefully(0, patience.toMillis(), TimeUnit.MILLISECONDS);
        try {
            if (!stopped.await(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException("event loops are still running after " + patience.toMillis()
                        + " ms: a handler blocks its loop");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
