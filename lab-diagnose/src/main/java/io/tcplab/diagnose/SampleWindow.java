package io.tcplab.diagnose;

import io.tcplab.diagnose.sample.Difference;
import io.tcplab.diagnose.sample.Sample;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Samples in their order. Where they are large those in the middle go first: the ends tell what grew, and what stayed. */
final class SampleWindow {
    /** Some 100 bytes each. What a sample has in common with the one before takes a reference. */
    private static final int MOST_ROWS = 1_000_000;

    private static final int REFERENCES_PER_ROW = 16;

    private final boolean shared;
    private final List<Kept> samples = new ArrayList<>();
    private final List<Duration> costs = new ArrayList<>();

    /**
     * A sample and the memory it takes.
     *
     * @param rows that it doesn't share with the one before it, and what its references take, in rows
     */
    private record Kept(Sample sample, int rows) {
        static Kept of(Sample sample) {
            return of(sample, sample.sockets().size());
        }

        static Kept after(Sample before, Sample sample) {
            return of(
                    sample,
                    Difference.between(before.sockets(), sample.sockets())
                            .came()
                            .size());
        }

        private static Kept of(Sample sample, int own) {
            return new Kept(sample, own + sample.sockets().size() / REFERENCES_PER_ROW);
        }
    }

    /**
     * Of the samples of one sampler.
     *
     * @param shared whether one that is {@link io.tcplab.diagnose.sample.Sampler#sharing}
     */
    SampleWindow(boolean shared) {
        this.shared = shared;
    }

    /** Appends one. */
    void add(Sample sample) {
        samples.add(kept(samples.size(), sample));
        costs.add(Duration.ofNanos(sample.tookNanos()));
        while (samples.size() > 2 && rows() > MOST_ROWS) {
            int middle = samples.size() / 2;
            samples.remove(middle);
            samples.set(middle, kept(middle, samples.get(middle).sample));
        }
    }

    /** Drops those that are older, but never the last one. */
    void forgetBefore(long nanos) {
        while (samples.size() > 1 && samples.get(1).sample.atNanos() <= nanos) {
            samples.removeFirst();
            samples.set(0, Kept.of(samples.getFirst().sample));
        }
        costs.subList(0, costs.size() - samples.size()).clear();
    }

    private Kept kept(int place, Sample sample) {
        return shared && place > 0 ? Kept.after(samples.get(place - 1).sample, sample) : Kept.of(sample);
    }

    List<Sample> all() {
        return samples.stream().map(Kept::sample).toList();
    }

    /** How long each look took, those also whose sample was too large to keep. */
    List<Duration> costs() {
        return List.copyOf(costs);
    }

    private long rows() {
        return samples.stream().mapToLong(Kept::rows).sum();
    }
}
