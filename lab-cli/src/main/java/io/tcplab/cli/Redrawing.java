package io.tcplab.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Draws again and again, on a thread of its own, until it is closed. */
final class Redrawing implements AutoCloseable {
    private static final long PERIOD_MILLIS = 200;

    private final Runnable draw;
    private final CountDownLatch closed = new CountDownLatch(1);

    private Redrawing(Runnable draw) {
        this.draw = draw;
    }

    /** Draws at once. */
    static Redrawing start(Runnable draw) {
        Redrawing redrawing = new Redrawing(draw);
        Thread.ofPlatform().daemon().name("progress").start(redrawing::run);
        return redrawing;
    }

    private void run() {
        try {
            do {
                draw.run();
            } while (!closed.await(PERIOD_MILLIS, TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends it; what is being drawn may still come. */
    @Override
    public void close() {
        closed.countDown();
    }
}
