package io.tcplab.cli.it;

import java.util.concurrent.CountDownLatch;

/** What goes on beside a test until it is told to end. */
final class Background {
    private Background() {}

    /** Tells a thread to end, and waits until it has. */
    static void end(CountDownLatch end, Thread thread) {
        end.countDown();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
