package io.tcplab.compare.statistics;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.apache.commons.statistics.distribution.NormalDistribution;

/**
 * The Mann-Whitney test in blocks: a value is only compared with the other sample's values of its own block. The p-value is that of the
 * permutation test, in which values change their sample only within their block (van Elteren, 1960, has the idea; here all pairs count the
 * same, so that the statistic is Cliff's δ).
 *
 * @param p two-sided
 * @param delta how much more often a value of the other sample is the larger than the smaller one of a pair, -1 to 1
 */
record BlockedRanks(double p, double delta) {
    /** Up to so many values in a block all permutations are counted; beyond, the sum of many ranks is as good as normal. */
    private static final int MOST_COUNTED = 50;

    /** Of two samples; blocks in which one of them has no value don't count, and there must be another. */
    static BlockedRanks of(Blocks one, Blocks other) {
        RankedBlock[] blocks = IntStream.range(0, one.values().size())
                .filter(i -> one.values().get(i).length > 0 && other.values().get(i).length > 0)
                .mapToObj(
                        i -> RankedBlock.of(one.values().get(i), other.values().get(i)))
                .toArray(RankedBlock[]::new);
        int mean = Arrays.stream(blocks).mapToInt(RankedBlock::pairs).sum();
        int statistic = Arrays.stream(blocks).mapToInt(RankedBlock::statistic).sum();
        boolean counted = Arrays.stream(blocks).allMatch(block -> block.size() <= MOST_COUNTED);
        double p = counted ? counted(blocks, mean, statistic) : normal(blocks, mean, statistic);
        return new BlockedRanks(Math.min(1, p), (double) statistic / mean - 1);
    }

    private static double counted(RankedBlock[] blocks, int mean, int statistic) {
        double[] sum = {1};
        for (RankedBlock block : blocks) {
            sum = convolved(sum, block.distribution());
        }
        double p = 0;
        for (int value = 0; value < sum.length; value++) {
            p += Math.abs(value - mean) >= Math.abs(statistic - mean) ? sum[value] : 0;
        }
        return p;
    }

    private static double normal(RankedBlock[] blocks, int mean, int statistic) {
        double variance =
                Arrays.stream(blocks).mapToDouble(RankedBlock::variance).sum();
        if (variance == 0) {
            return 1; // all are tied
        }
        double z = Math.abs(statistic - mean) / Math.sqrt(variance);
        return 2 * NormalDistribution.of(0, 1).survivalProbability(z);
    }

    private static double[] convolved(double[] one, double[] other) {
        double[] sum = new double[one.length + other.length - 1];
        for (int i = 0; i < one.length; i++) {
            for (int j = 0; j < other.length; j++) {
                sum[i + j] += one[i] * other[j];
            }
        }
        return sum;
    }
}
