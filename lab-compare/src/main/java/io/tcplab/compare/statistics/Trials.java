package io.tcplab.compare.statistics;

import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.apache.commons.numbers.combinatorics.BinomialCoefficientDouble;

/** How many trials it takes. */
public final class Trials {
    /** The chance that any difference reported in a comparison is a false alarm. */
    public static final double ALPHA = 0.05;

    private static final int FEWEST = 5;
    private static final int MOST = 20;

    private Trials() {}

    /**
     * The fewest trials of each setting with which a difference can be distinguished from chance, if that many contrasts are tested
     * together and the trials are dealt out to that many blocks; 5 at least, and one in each block.
     */
    public static int enough(int contrasts, int blocks) {
        int trials = Math.max(FEWEST, blocks);
        while (trials < MOST && !canTell(leastP(trials, blocks), contrasts)) {
            trials++;
        }
        return trials;
    }

    /** How many of these trials a block has, in one of {@code blocks} from 0: as equal as can be, the first ones more. */
    public static int share(int trials, int blocks, int block) {
        return trials / blocks + (block < trials % blocks ? 1 : 0);
    }

    private static double leastP(int trials, int blocks) {
        return leastP(IntStream.range(0, blocks)
                .map(block -> share(trials, blocks, block))
                .mapToDouble(each -> BinomialCoefficientDouble.value(2 * each, each)));
    }

    /** The least p-value that these samples' sizes allow: if within each block no value of one is among the other's. */
    static double leastP(Blocks one, Blocks other) {
        return leastP(IntStream.range(0, one.values().size()).mapToDouble(i -> {
            int ones = one.values().get(i).length;
            return BinomialCoefficientDouble.value(ones + other.values().get(i).length, ones);
        }));
    }

    /** In each block there are so many ways to choose; of all, two are the farthest apart. */
    private static double leastP(DoubleStream ways) {
        return Math.min(1, 2 / ways.reduce(1, (one, other) -> one * other));
    }

    /** Whether that p-value is small enough for the strictest step of Holm's correction. */
    public static boolean canTell(double leastP, int contrasts) {
        return leastP * contrasts <= ALPHA;
    }
}
