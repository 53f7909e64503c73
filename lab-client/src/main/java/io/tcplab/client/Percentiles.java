package io.tcplab.client;

import org.HdrHistogram.Histogram;

/**
 * A distribution of time spans in nanoseconds, to 3 significant digits. All but {@code count} are 0 when nothing was
 * recorded.
 */
public record Percentiles(long count, long min, double mean, long p50, long p90, long p99, long p999, long max) {
    static Percentiles of(Histogram histogram) {
        return histogram.getTotalCount() == 0
                ? new Percentiles(0, 0, 0, 0, 0, 0, 0, 0)
                : new Percentiles(
                        histogram.getTotalCount(),
                        histogram.getMinValue(),
                        histogram.getMean(),
                        histogram.getValueAtPercentile(50),
                        histogram.getValueAtPercentile(90),
                        histogram.getValueAtPercentile(99),
                        histogram.getValueAtPercentile(99.9),
                        histogram.getMaxValue());
    }
}
