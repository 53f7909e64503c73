package io.tcplab.diagnose;

import io.tcplab.diagnose.sample.Sample;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Samples in their order. Where they are large those in the middle go first: the ends tell what grew, and what stayed. */
final class SampleWindow {
    /** Some 100 bytes each. */
    private static final int MOST_SOCKETS = 1_000_000;

    private final List<Sample> samples = new ArrayList<>();
    private final List<Duration> costs = new ArrayList<>();

    /** Appends one. */
    void add(Sample sample) {
        samples.add(sample);
        costs.add(Duration.ofNanos(sample.tookNanos()));
        while (samples.size() > 2 && sockets() > MOST_SOCKETS) {
            samples.remove(samples.size() / 2);
        }
    }

    /** Drops those that are older, but never the last one. */
    void forgetBefore(long nanos) {
        while (samples.size() > 1 && samples.get(1).atNanos() <= nanos) {
            samples.removeFirst();
        }
        costs.subList(0, costs.size() - samples.size()).clear();
    }

    List<Sample> all() {
        return List.copyOf(samples);
    }

    /** How long each look took, those also whose sample was too large to keep. */
    List<Duration> costs() {
        return List.copyOf(costs);
    }

    private long sockets() {
        return samples.stream().mapToLong(sample -> sample.sockets().size()).sum();
    }
}
