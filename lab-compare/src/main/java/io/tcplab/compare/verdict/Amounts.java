package io.tcplab.compare.verdict;

import io.tcplab.experiments.Measure;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;

/** Figures as a person wants them: no more digits than they are worth, the same in every locale. */
public final class Amounts {
    private static final int DIGITS = 3;
    private static final double WHOLE = 1_000;
    private static final double KI = 1_024;

    private Amounts() {}

    /** {@code 2,000}, {@code 60}, {@code 0.042}; what never ends is {@code ∞}. */
    public static String text(double value) {
        if (Double.isInfinite(value)) {
            return value > 0 ? "∞" : "-∞";
        }
        if (value == Math.rint(value) || Math.abs(value) >= WHOLE) {
            return String.format(Locale.ROOT, "%,d", Math.round(value));
        }
        return new BigDecimal(value)
                .round(new MathContext(DIGITS))
                .stripTrailingZeros()
                .toPlainString();
    }

    /** With its unit: {@code 60 s}; bytes as {@code 25 KiB}. */
    public static String text(double value, String unit) {
        return unit.equals(Measure.BYTES) ? bytes(value) : text(value) + " " + unit;
    }

    /** Where the unit stands elsewhere: {@code 60}; but {@code 25 KiB}, since its prefix depends on the figure. */
    public static String bare(double value, String unit) {
        return unit.equals(Measure.BYTES) ? bytes(value) : text(value);
    }

    private static String bytes(double value) {
        if (Math.abs(value) < KI || Double.isInfinite(value)) {
            return text(value) + " bytes";
        }
        double mebi = KI * KI;
        return Math.abs(value) < mebi ? text(value / KI) + " KiB" : text(value / mebi) + " MiB";
    }

    /** A chance: {@code 0.008}, {@code < 0.001}. */
    public static String chance(double p) {
        return p < 0.001
                ? "< 0.001"
                : new BigDecimal(p)
                        .round(new MathContext(2))
                        .stripTrailingZeros()
                        .toPlainString();
    }
}
