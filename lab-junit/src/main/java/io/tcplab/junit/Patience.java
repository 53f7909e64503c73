package io.tcplab.junit;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Time to wait for a state of the kernel's, which nothing announces: one looks again and again. */
final class Patience {
    private static final Duration LOOK_AGAIN = Duration.ofMillis(10);

    private final long deadlineNanos;

    private Patience(long deadlineNanos) {
        this.deadlineNanos = deadlineNanos;
    }

    static Patience of(Duration time) {
        return new Patience(System.nanoTime() + time.toNanos());
    }

    /** Waits a little; false if the time is over. */
    boolean waitForNextLook() throws InterruptedException {
        long left = deadlineNanos - System.nanoTime();
        if (left <= 0) {
            return false;
        }
        TimeUnit.NANOSECONDS.sleep(Math.min(left, LOOK_AGAIN.toNanos()));
        return true;
    }
}
