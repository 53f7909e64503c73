package io.tcplab.diagnose;

import io.tcplab.diagnose.causes.Evidence;
import io.tcplab.diagnose.causes.Membership;
import io.tcplab.diagnose.sample.Sample;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;

/**
 * Whether thresholds held.
 *
 * <p>A threshold is broken if it was exceeded at the end and at every look during the grace before it. Connections pass
 * through CLOSE_WAIT when all is well; what is still there is what this is about.
 *
 * @param measures one for each threshold
 * @param diagnosis what is wrong, threshold or not
 */
public record Check(List<Measure> measures, Diagnosis diagnosis) {
    /** How a check came out. */
    public enum Verdict {
        HELD,
        BROKEN,
        /** Evidence is missing: the target ended, the dump was interrupted, or the value can't be seen. */
        UNKNOWN
    }

    /**
     * A threshold and what was seen.
     *
     * @param last at the end; empty if it couldn't be seen
     * @param peak the most at any look
     */
    public record Measure(Threshold threshold, OptionalLong last, long peak, Verdict verdict) {}

    public Check {
        measures = List.copyOf(measures);
    }

    /** Judges what was seen. Pure. */
    public static Check of(Look look, List<Threshold> thresholds, Duration grace) {
        Evidence evidence = Evidence.of(look.scope(), look.samples());
        Diagnosis diagnosis = Diagnosis.of(look, evidence);
        return new Check(
                thresholds.stream()
                        .map(threshold -> measure(threshold, look, evidence.membership(), grace))
                        .toList(),
                diagnosis);
    }

    /** Broken if one is; else unknown if one is. */
    public Verdict verdict() {
        if (measures.stream().anyMatch(measure -> measure.verdict == Verdict.BROKEN)) {
            return Verdict.BROKEN;
        }
        return measures.stream().anyMatch(measure -> measure.verdict == Verdict.UNKNOWN)
                ? Verdict.UNKNOWN
                : Verdict.HELD;
    }

    private static Measure measure(Threshold threshold, Look look, Membership membership, Duration grace) {
        List<Sample> samples = look.samples();
        OptionalLong last = threshold.measure(samples.getLast(), membership);
        long peak = samples.stream()
                .map(sample -> threshold.measure(sample, membership))
                .flatMapToLong(OptionalLong::stream)
                .max()
                .orElse(0);
        return new Measure(threshold, last, peak, verdict(threshold, look, membership, grace));
    }

    private static Verdict verdict(Threshold threshold, Look look, Membership membership, Duration grace) {
        Sample end = look.samples().getLast();
        List<Sample> graced = look.samples().stream()
                .filter(sample -> sample.atNanos() >= end.atNanos() - grace.toNanos())
                .toList();
        if (look.ended() || threshold.measure(end, membership).isEmpty()) {
            return Verdict.UNKNOWN;
        }
        boolean broken = graced.stream()
                .map(sample -> threshold.measure(sample, membership))
                .flatMapToLong(OptionalLong::stream)
                .allMatch(value -> value > threshold.most());
        if (!broken && graced.stream().anyMatch(sample -> !sample.complete())) {
            return Verdict.UNKNOWN;
        }
        return broken ? Verdict.BROKEN : Verdict.HELD;
    }
}
