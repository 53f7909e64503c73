package io.tcplab.junit;

import java.time.Duration;
import java.util.Locale;

/** Times as people write them. */
final class Durations {
    private static final double MILLIS = 1_000;

    private Durations() {}

    /** "250 ms", "5 s", "1.5 s". */
    static String text(Duration time) {
        if (time.compareTo(Duration.ofSeconds(1)) < 0) {
            return time.toMillis() + " ms";
        }
        String seconds = String.format(Locale.ROOT, "%.1f", time.toMillis() / MILLIS);
        return (seconds.endsWith(".0") ? seconds.substring(0, seconds.length() - 2) : seconds) + " s";
    }
}
