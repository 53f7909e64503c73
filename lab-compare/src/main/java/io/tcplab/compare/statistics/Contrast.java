package io.tcplab.compare.statistics;

import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.apache.commons.statistics.inference.MannWhitneyUTest;

/**
 * One sample against another, by the Mann-Whitney test; in several blocks only within each of them.
 *
 * @param p the chance of samples as far apart as these if there is no difference (two-sided)
 * @param delta Cliff's: how much more often a value of the other sample is the larger than the smaller one, -1 to 1
 * @param baseline the one's median; of several blocks the weighted mean of their medians
 * @param median the other's, in the same blocks with the same weights, so that its difference to {@code baseline} is the mean of those within blocks
 * @param interval of their difference, at 95 %
 * @param leastP the least p that samples of these sizes can have
 */
public record Contrast(double p, double delta, double baseline, double median, Interval interval, double leastP) {

    /** Of two samples; empty if no block has values of both. */
    public static Optional<Contrast> of(Blocks one, Blocks other, RandomGenerator random) {
        double[] weights = weights(one, other);
        long shared =
                IntStream.range(0, weights.length).filter(i -> weights[i] > 0).count();
        if (shared == 0) {
            return Optional.empty();
        }
        BlockedRanks ranks = shared == 1 && one.values().size() == 1
                ? mannWhitney(one.values().getFirst(), other.values().getFirst())
                : BlockedRanks.of(one, other);
        return Optional.of(new Contrast(
                ranks.p(),
                ranks.delta(),
                one.median(weights),
                other.median(weights),
                Bootstrap.ofDifference(one, other, weights, random),
                Trials.leastP(one, other)));
    }

    /** As the variance of a difference of means has it; a block in which one has no value weighs nothing. */
    private static double[] weights(Blocks one, Blocks other) {
        return IntStream.range(0, one.values().size())
                .mapToDouble(i -> {
                    double ones = one.values().get(i).length;
                    double others = other.values().get(i).length;
                    return ones * others == 0 ? 0 : ones * others / (ones + others);
                })
                .toArray();
    }

    private static BlockedRanks mannWhitney(double[] one, double[] other) {
        MannWhitneyUTest.Result result = MannWhitneyUTest.withDefaults().test(other, one);
        double delta = 2 * result.getStatistic() / ((double) one.length * other.length) - 1;
        // If all values are the same the test has no answer, and there is no difference.
        return new BlockedRanks(Double.isNaN(result.getPValue()) ? 1 : result.getPValue(), delta);
    }

    /** The other's median less the one's. */
    public double difference() {
        return median == baseline ? 0 : median - baseline; // ∞ - ∞ is no number
    }

    /** Whether no value of one sample is among the other's, within any block. */
    public boolean isApart() {
        return Math.abs(delta) == 1;
    }
}
