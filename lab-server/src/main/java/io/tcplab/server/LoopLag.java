package io.tcplab.server;

import io.micrometer.core.instrument.Timer;
import io.netty.util.concurrent.EventExecutor;
import java.util.concurrent.TimeUnit;

/** Asks an event loop to run it, again and again, and records how much later than asked that happened. */
final class LoopLag implements Runnable {
    private static final long INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final EventExecutor loop;
    private final Timer timer;
    private long dueAt;

    LoopLag(EventExecutor loop, Timer timer) {
        this.loop = loop;
        this.timer = timer;
        dueAt = System.nanoTime();
    }

    @Override
    public void run() {
        long now = System.nanoTime();
        timer.record(Math.max(0, now - dueAt), TimeUnit.NANOSECONDS);
        dueAt = now + INTERVAL_NANOS;
        if (!loop.isShuttingDown()) {
            var ignored = loop.schedule(this, INTERVAL_NANOS, TimeUnit.NANOSECONDS);
        }
    }
}
