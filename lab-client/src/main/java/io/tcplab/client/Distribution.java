package io.tcplab.client;

import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;

/** A histogram that event loops write to without waiting, while any thread may read it. */
final class Distribution {
    private static final int SIGNIFICANT_DIGITS = 3;

    private final Recorder recorder = new Recorder(SIGNIFICANT_DIGITS);
    private final Histogram total = new Histogram(SIGNIFICANT_DIGITS);
    private Histogram recent = recorder.getIntervalHistogram();

    void record(long nanos) {
        recorder.recordValue(nanos);
    }

    synchronized Percentiles read() {
        recent = recorder.getIntervalHistogram(recent);
        total.add(recent);
        return Percentiles.of(total);
    }
}
