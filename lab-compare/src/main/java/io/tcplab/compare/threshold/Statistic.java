package io.tcplab.compare.threshold;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.apache.commons.statistics.descriptive.Median;

/** What is compared of the trials of a setting. */
public enum Statistic {
    /** Each trial by itself: one that breaks it is enough. */
    ANY {
        @Override
        double[] of(double[] values) {
            return values;
        }
    },
    /** The middle one. */
    MEDIAN {
        @Override
        double[] of(double[] values) {
            return new double[] {Median.withDefaults().withCopy(true).evaluate(values)};
        }
    },
    /** The highest. */
    MAX {
        @Override
        double[] of(double[] values) {
            return new double[] {Arrays.stream(values).max().orElseThrow()};
        }
    },
    /** The lowest. */
    MIN {
        @Override
        double[] of(double[] values) {
            return new double[] {Arrays.stream(values).min().orElseThrow()};
        }
    };

    /** The figures that are held against the bound; {@code values} is not empty. */
    abstract double[] of(double[] values);

    /** {@code median}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Those that can be written. */
    static List<String> names() {
        return List.of(MEDIAN.label(), MAX.label(), MIN.label());
    }
}
