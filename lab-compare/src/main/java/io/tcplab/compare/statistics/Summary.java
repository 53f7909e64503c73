package io.tcplab.compare.statistics;

import java.util.random.RandomGenerator;

/**
 * A sample in a few figures.
 *
 * @param count how many values; 1 or more
 * @param median of several blocks the mean of their medians, each as heavy as it has values
 * @param interval of the median, at 95 %
 * @param constant whether all values are the same
 */
public record Summary(int count, double median, Interval interval, boolean constant) {

    /** Of these values, of which there must be one. */
    public static Summary of(Blocks values, RandomGenerator random) {
        boolean constant = values.isConstant();
        double median = constant ? values.all()[0] : values.median();
        Interval interval = constant ? new Interval(median, median) : Bootstrap.ofMedian(values, random);
        return new Summary(values.size(), median, interval, constant);
    }
}
