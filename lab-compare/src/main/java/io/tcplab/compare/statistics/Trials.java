package io.tcplab.compare.statistics;

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
     * together; 5 at least.
     */
    public static int enough(int contrasts) {
        int trials = FEWEST;
        while (trials < MOST && !canTell(trials, trials, contrasts)) {
            trials++;
        }
        return trials;
    }

    /**
     * The least p-value that samples of these sizes can have: of the exact Mann-Whitney test, when no value of one is
     * among the other's.
     */
    public static double leastP(int one, int other) {
        return Math.min(1, 2 / BinomialCoefficientDouble.value(one + other, one));
    }

    /**
     * Whether samples of these sizes could be distinguished from chance at all: whether their least p-value is small enough for
     * the strictest step of Holm's correction.
     */
    public static boolean canTell(int one, int other, int contrasts) {
        return leastP(one, other) * contrasts <= ALPHA;
    }
}
