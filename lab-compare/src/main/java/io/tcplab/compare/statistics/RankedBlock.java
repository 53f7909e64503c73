package io.tcplab.compare.statistics;

import java.util.Arrays;
import java.util.stream.DoubleStream;

/** Two samples' values in one block, as ranks. All ranks are doubled, so that they are whole also where values are tied. */
final class RankedBlock {
    private final int pairs;
    private final int statistic;
    private final int[] ranks;
    private final int chosen;

    private RankedBlock(int pairs, int statistic, int[] ranks, int chosen) {
        this.pairs = pairs;
        this.statistic = statistic;
        this.ranks = ranks;
        this.chosen = chosen;
    }

    static RankedBlock of(double[] one, double[] other) {
        double[] sorted = DoubleStream.concat(Arrays.stream(one), Arrays.stream(other))
                .sorted()
                .toArray();
        return new RankedBlock(
                one.length * other.length,
                Arrays.stream(ranks(sorted, other)).sum() - leastSum(other.length),
                ranks(sorted, sorted),
                other.length);
    }

    /** Of each value among the sorted ones; tied ones share theirs. */
    private static int[] ranks(double[] sorted, double[] values) {
        return Arrays.stream(values)
                .mapToInt(value -> 1
                        + 2
                                * (int) Arrays.stream(sorted)
                                        .filter(each -> each < value)
                                        .count()
                        + (int) Arrays.stream(sorted)
                                .filter(each -> each == value)
                                .count())
                .toArray();
    }

    /** Of the ranks of so many values, if they are the lowest. */
    private static int leastSum(int count) {
        return count * (count + 1);
    }

    /** How many values both samples have together. */
    int size() {
        return ranks.length;
    }

    /** How many there are of one value of each sample; also the mean of {@link #statistic}, if the samples don't differ. */
    int pairs() {
        return pairs;
    }

    /** Twice the Mann-Whitney U of the other sample, from 0 to twice the pairs. */
    int statistic() {
        return statistic;
    }

    /** How likely each value of the statistic is if the samples don't differ: of all ways to choose as many ranks, its part. */
    double[] distribution() {
        int most = Arrays.stream(ranks).sum();
        double[][] ways = new double[chosen + 1][most + 1]; // [how many are chosen][the sum of their ranks]
        ways[0][0] = 1;
        for (int rank : ranks) {
            for (int count = chosen; count > 0; count--) {
                for (int sum = most; sum >= rank; sum--) {
                    ways[count][sum] += ways[count - 1][sum - rank];
                }
            }
        }
        double all = Arrays.stream(ways[chosen]).sum();
        int least = leastSum(chosen);
        return Arrays.stream(ways[chosen], least, least + 2 * pairs + 1)
                .map(each -> each / all)
                .toArray();
    }

    /** Of the statistic, if the samples don't differ: drawn from the ranks without repetition. */
    double variance() {
        double mean = Arrays.stream(ranks).average().orElse(0);
        double squares = Arrays.stream(ranks)
                .mapToDouble(rank -> (rank - mean) * (rank - mean))
                .sum();
        return pairs * squares / ((double) ranks.length * (ranks.length - 1));
    }
}
