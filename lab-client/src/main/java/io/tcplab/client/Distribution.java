package io.tcplab.client;

import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;

/** A histogram that event loops write to without waiting, while any thread may read it. */
final class Distribution {
    private final Recorder recorder = new Recorder(Timings.SIGNIFICANT_DIGITS);
    private final Histogram total = new Histogram(Timings.SIGNIFICANT_DIGITS);
    private Histogram recent = recorder.getIntervalHistogram();

    void record(long nanos) {
        recorder.recordValue(nanos);
    }

    synchronized Percentiles read() {
        addRecent();
        return Percentiles.of(total);
    }

    synchronized Timings timings() {
        addRecent();
        return Timings.of(total);
    }

    private void addRecent() {
        recent = recorder.getIntervalHistogram(recent);
        total.add(recent);
    }
}
