package io.tcplab.compare.statistics;

import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * A sample in a few figures.
 *
 * @param count how many values; 1 or more
 * @param interval of the median, at 95 %
 * @param constant whether all values are the same
 */
public record Summary(int count, double median, Interval interval, boolean constant) {

    /** Of these values, of which there must be one. */
    public static Summary of(double[] values, RandomGenerator random) {
        boolean constant = Arrays.stream(values).allMatch(value -> value == values[0]);
        double median = Bootstrap.median(values);
        Interval interval = constant ? new Interval(median, median) : Bootstrap.ofMedian(values, random);
        return new Summary(values.length, median, interval, constant);
    }
}
