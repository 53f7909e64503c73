package io.tcplab.suite;

import java.util.Locale;

/** How a test ended. */
enum Outcome {
    PASSED,
    FAILED,
    SKIPPED;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
