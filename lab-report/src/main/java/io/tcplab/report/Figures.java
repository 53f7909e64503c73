package io.tcplab.report;

import io.tcplab.compare.verdict.Amounts;
import io.tcplab.experiments.Measure;
import io.tcplab.experiments.Measurement;
import java.math.BigDecimal;
import java.math.RoundingMode;

/** Figures as reports print them: the same in every locale, with no more digits than they are worth. */
final class Figures {
    private static final String NEVER = "never";
    private static final int DECIMALS = 3;

    private Figures() {}

    /** At most three decimals, and none that are zero: {@code 500}, {@code 2.1}, {@code 0.042}. */
    static BigDecimal rounded(double value) {
        BigDecimal rounded = BigDecimal.valueOf(value)
                .setScale(DECIMALS, RoundingMode.HALF_UP)
                .stripTrailingZeros();
        return rounded.scale() < 0 ? rounded.setScale(0) : rounded;
    }

    /** As {@link #rounded}, in words; a time of something that never happened, and what isn't a number, say so. */
    static String text(double value) {
        if (value == Double.POSITIVE_INFINITY) {
            return NEVER;
        }
        return Double.isFinite(value) ? rounded(value).toPlainString() : Double.toString(value);
    }

    /** With its unit; bytes as {@code 25 KiB}. */
    static String text(Measurement measurement) {
        if (measurement.value() == Double.POSITIVE_INFINITY) {
            return NEVER;
        }
        return measurement.unit().equals(Measure.BYTES)
                ? Amounts.text(measurement.value(), measurement.unit())
                : text(measurement.value()) + " " + measurement.unit();
    }

    /** A time span in seconds, to a tenth. */
    static String seconds(double value) {
        return BigDecimal.valueOf(value).setScale(1, RoundingMode.HALF_UP).toPlainString() + " s";
    }
}
