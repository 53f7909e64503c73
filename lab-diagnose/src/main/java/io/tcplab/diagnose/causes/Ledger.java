package io.tcplab.diagnose.causes;

import io.tcplab.diagnose.sample.Difference;
import io.tcplab.diagnose.sample.Sample;
import io.tcplab.diagnose.sample.Scope;
import io.tcplab.diagnose.sample.SocketRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Follows sockets over a window of samples that moves on. Each sample costs what it changes; what comes out is what going through the
 * window anew would give. Not for several threads.
 */
public final class Ledger {
    private final List<Indexed> window = new ArrayList<>();
    private Tracks tracks = new Tracks(0);
    private Totals totals = new Totals();
    private Optional<Openers> openers = Optional.empty();

    /**
     * What there is to say about these samples. It is valid until this is called again.
     *
     * @param samples in their order, at least one
     */
    public Evidence evidence(Scope scope, List<Sample> samples) {
        int kept = kept(samples);
        if (kept == 0 || tracks.isAmbiguous()) {
            window.clear();
            tracks = new Tracks(samples.getFirst().atNanos());
            totals = new Totals();
            kept = 0;
        } else {
            window.subList(0, window.size() - kept).clear();
            tracks.beginAt(samples.getFirst().atNanos());
        }
        samples.subList(kept, samples.size()).forEach(this::see);
        Evidence evidence = new Evidence(scope, List.copyOf(window), tracks, totals, openers);
        openers = Optional.of(evidence.openers());
        return evidence;
    }

    /** How many of the samples are known, and are the last of those that are; 0 unless these go on from there. */
    @SuppressWarnings("ReferenceEquality") // samples are compared, not what is in them
    private int kept(List<Sample> samples) {
        int from = 0;
        while (from < window.size() && window.get(from).sample() != samples.getFirst()) {
            from++;
        }
        int kept = window.size() - from;
        for (int at = 0; at < kept; at++) {
            if (at >= samples.size() || window.get(from + at).sample() != samples.get(at)) {
                return 0;
            }
        }
        return kept;
    }

    private void see(Sample sample) {
        List<SocketRow> before =
                window.isEmpty() ? List.of() : window.getLast().sample().sockets();
        Difference difference = Difference.between(before, sample.sockets());
        tracks.see(difference, sample.atNanos());
        totals.change(difference);
        window.add(window.isEmpty() ? Indexed.of(sample) : window.getLast().next(difference, sample));
    }
}
