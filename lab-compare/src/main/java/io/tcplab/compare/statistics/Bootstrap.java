package io.tcplab.compare.statistics;

import java.util.Arrays;
import java.util.function.DoubleSupplier;
import java.util.random.RandomGenerator;
import java.util.stream.DoubleStream;
import org.apache.commons.statistics.descriptive.Median;
import org.apache.commons.statistics.descriptive.Quantile;

/** How far a median would wander if the same had been measured again: percentile bootstrap, 95 %, drawn within each block. */
final class Bootstrap {
    private static final int RESAMPLES = 2_000;
    private static final double LOW = 0.025;
    private static final double HIGH = 0.975;

    private Bootstrap() {}

    static double median(double[] values) {
        return Median.withDefaults().withCopy(true).evaluate(values);
    }

    static Interval ofMedian(Blocks values, RandomGenerator random) {
        return interval(() -> values.resampled(random).median());
    }

    /** Of the other's median less this one's, in blocks of these weights. */
    static Interval ofDifference(Blocks one, Blocks other, double[] weights, RandomGenerator random) {
        return interval(() ->
                other.resampled(random).median(weights) - one.resampled(random).median(weights));
    }

    /** Unbounded differences ({@code ∞ - ∞}) say nothing, and are left out. */
    private static Interval interval(DoubleSupplier resampled) {
        double[] all = DoubleStream.generate(resampled)
                .limit(RESAMPLES)
                .filter(value -> !Double.isNaN(value))
                .toArray();
        if (all.length == 0) {
            return new Interval(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);
        }
        // The nearest rank: between values there may be none, and between a value and infinity there is none.
        Quantile quantile = Quantile.withDefaults().with(Quantile.EstimationMethod.HF1);
        Arrays.sort(all);
        return new Interval(quantile.evaluate(all, LOW), quantile.evaluate(all, HIGH));
    }
}
