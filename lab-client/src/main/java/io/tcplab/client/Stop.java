package io.tcplab.client;

import java.time.Duration;

/** When a plan ends. */
public sealed interface Stop {
    /** Nanoseconds in a {@code long} reach much further, but that isn't needed. */
    Duration LONGEST = Duration.ofDays(365);

    /**
     * After this many operations; all of them are started, however long that takes.
     *
     * @param operations at least 1
     */
    record AfterCount(long operations) implements Stop {
        public AfterCount {
            if (operations < 1) {
                throw new IllegalArgumentException("stop: " + operations + " operations is less than 1");
            }
        }
    }

    /**
     * After this time. None starts later; those whose time had come but that found no place under the cap by then are given
     * up, and counted so.
     *
     * @param duration more than zero, a year at most
     */
    record AfterDuration(Duration duration) implements Stop {
        public AfterDuration {
            if (duration.isNegative() || duration.isZero()) {
                throw new IllegalArgumentException("stop: " + duration + " is not more than zero");
            }
            if (duration.compareTo(LONGEST) > 0) {
                throw new IllegalArgumentException("stop: " + duration + " is longer than " + LONGEST);
            }
        }
    }
}
