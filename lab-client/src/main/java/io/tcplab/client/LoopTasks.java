package io.tcplab.client;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Runs actions on a loop, and never without an ear for what goes wrong: the loop itself would only log it. */
final class LoopTasks {
    private final EventLoop loop;
    private final Consumer<Throwable> broken;

    /** @param broken gets what an action throws */
    LoopTasks(EventLoop loop, Consumer<Throwable> broken) {
        this.loop = loop;
        this.broken = broken;
    }

    /** From any thread; throws RejectedExecutionException when the loop has ended. */
    void soon(Runnable action) {
        loop.submit(action).addListener(this::orBroken);
    }

    void later(Runnable action, long nanos) {
        loop.schedule(action, nanos, TimeUnit.NANOSECONDS).addListener(this::orBroken);
    }

    /** As {@link #later}, and can be cancelled. */
    Future<?> timer(Runnable action, Duration delay) {
        return loop.schedule(action, delay.toNanos(), TimeUnit.NANOSECONDS).addListener(this::orBroken);
    }

    private void orBroken(Future<?> done) {
        if (!done.isSuccess() && !done.isCancelled()) {
            broken.accept(done.cause());
        }
    }
}
