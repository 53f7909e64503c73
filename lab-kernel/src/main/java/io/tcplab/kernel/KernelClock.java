package io.tcplab.kernel;

import java.time.Instant;
import java.util.concurrent.TimeUnit;

/**
 * Translates between the clock of the day (CLOCK_REALTIME), in which the kernel stamps frames, and the one that only
 * goes forward (CLOCK_MONOTONIC, System.nanoTime), in which the lab compares what different sources say.
 *
 * <p>Both are read anew for each translation, so that a day's clock that is set meanwhile harms nothing but what was
 * stamped before and translated after.
 */
public final class KernelClock {
    /**
     * Two readings so close together tell the distance of the clocks well enough; a loaded machine may part them by far
     * more.
     */
    private static final long CLOSE_NANOS = 1_000;

    private static final int TRIES = 5;

    private KernelClock() {}

    /** A time of CLOCK_REALTIME, in nanoseconds since 1970, as System.nanoTime would have shown it. */
    public static long monotonic(long epochNanos) {
        return epochNanos - distance();
    }

    /** A time of System.nanoTime in nanoseconds since 1970. */
    public static long epoch(long monotonicNanos) {
        return monotonicNanos + distance();
    }

    private static long distance() {
        long closest = Long.MAX_VALUE;
        long distance = 0;
        for (int i = 0; i < TRIES && closest > CLOSE_NANOS; i++) {
            long before = System.nanoTime();
            long epoch = epochNanos(Instant.now());
            long apart = System.nanoTime() - before;
            if (apart < closest) {
                closest = apart;
                distance = epoch - before - apart / 2;
            }
        }
        return distance;
    }

    private static long epochNanos(Instant instant) {
        return TimeUnit.SECONDS.toNanos(instant.getEpochSecond()) + instant.getNano();
    }
}
