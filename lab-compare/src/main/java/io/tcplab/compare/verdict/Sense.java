package io.tcplab.compare.verdict;

import io.tcplab.experiments.Measure;
import java.util.Locale;

/** Which way an effect goes. */
public enum Sense {
    BETTER,
    WORSE,
    /** More of what is neither good nor bad. */
    MORE,
    LESS,
    NEITHER;

    /** {@code better}, {@code worse}, {@code more}, {@code less} or {@code neither}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Of a measure that went up or, if {@code delta} is negative, down. */
    static Sense of(Measure measure, double delta) {
        if (delta == 0) {
            return NEITHER;
        }
        boolean up = delta > 0;
        return switch (measure.better()) {
            case HIGHER -> up ? BETTER : WORSE;
            case LOWER -> up ? WORSE : BETTER;
            case NEITHER -> up ? MORE : LESS;
        };
    }
}
