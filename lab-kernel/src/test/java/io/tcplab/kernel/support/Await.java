package io.tcplab.kernel.support;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

/** Waits for a state that the kernel reaches by itself. */
public final class Await {
    private static final Duration DEADLINE = Duration.ofSeconds(20);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(2);

    private Await() {}

    /** Looks until the value is as wanted, and returns it; fails with the last value when the deadline is over. */
    public static <T> T until(Callable<T> look, Predicate<? super T> wanted) throws Exception {
        long deadline = System.nanoTime() + DEADLINE.toNanos();
        while (true) {
            T value = look.call();
            if (wanted.test(value)) {
                return value;
            }
            if (System.nanoTime() > deadline) {
                throw new AssertionError("not within " + DEADLINE + ", last seen: " + value);
            }
            LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
        }
    }
}
