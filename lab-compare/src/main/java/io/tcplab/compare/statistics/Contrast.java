package io.tcplab.compare.statistics;

import java.util.random.RandomGenerator;
import org.apache.commons.statistics.inference.MannWhitneyUTest;

/**
 * One sample against another, by the Mann-Whitney test.
 *
 * @param p the chance of samples as far apart as these if there is no difference (two-sided)
 * @param delta Cliff's: how much more often a value of the other sample is the larger than the smaller one, -1 to 1
 * @param baseline the one's median
 * @param median the other's median
 * @param interval of their difference, at 95 %
 */
public record Contrast(double p, double delta, double baseline, double median, Interval interval) {

    /** Of two samples, neither of them empty. */
    public static Contrast of(double[] one, double[] other, RandomGenerator random) {
        MannWhitneyUTest.Result result = MannWhitneyUTest.withDefaults().test(other, one);
        double delta = 2 * result.getStatistic() / ((double) one.length * other.length) - 1;
        return new Contrast(
                // If all values are the same the test has no answer, and there is no difference.
                Double.isNaN(result.getPValue()) ? 1 : result.getPValue(),
                delta,
                Bootstrap.median(one),
                Bootstrap.median(other),
                Bootstrap.ofDifference(one, other, random));
    }

    /** The other's median less the one's. */
    public double difference() {
        return median == baseline ? 0 : median - baseline; // ∞ - ∞ is no number
    }

    /** Whether no value of one sample is among the other's. */
    public boolean isApart() {
        return Math.abs(delta) == 1;
    }
}
