package io.tcplab.experiments.cell;

import io.tcplab.kernel.sockets.Census;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Waits for a state of the kernel by looking again and again, in proportion to what a look costs. */
public final class Looking {
    /** Nothing in the kernel announces queue lengths or the end of TIME_WAIT, so a wait looks again this often. */
    private static final Duration AGAIN = Duration.ofMillis(10);

    /** A wait rests so many times as long as it looks, for a dump walks the tables of all namespaces, … */
    private static final int REST = 20;

    /** … but no longer than this. */
    private static final Duration AT_LAST = Duration.ofMillis(200);

    private Looking() {}

    /** Takes censuses until one satisfies the condition or the time is up; returns the last one. */
    public static Census until(Supplier<Census> look, Predicate<Census> condition, Duration within)
            throws InterruptedException {
        long deadline = System.nanoTime() + within.toNanos();
        while (true) {
            long before = System.nanoTime();
            Census census = look.get();
            long now = System.nanoTime();
            if (condition.test(census) || now >= deadline) {
                return census;
            }
            TimeUnit.NANOSECONDS.sleep(Math.clamp(REST * (now - before), AGAIN.toNanos(), AT_LAST.toNanos()));
        }
    }
}
