package io.tcplab.compare.threshold;

import java.util.List;
import java.util.Locale;

/**
 * What became of a threshold in one experiment.
 *
 * @param reason what broke it, or why that is unknown; empty if it held
 */
public record ThresholdResult(Threshold threshold, String experiment, Outcome outcome, String reason) {
    /** Whether it held. */
    public enum Outcome {
        HELD,
        BROKEN,
        /** There is nothing to judge by. That is never a pass. */
        INCONCLUSIVE;

        /** {@code held}. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Of several: broken if one is, else inconclusive if one is. */
    public static Outcome worst(List<ThresholdResult> results) {
        List<Outcome> outcomes = results.stream().map(ThresholdResult::outcome).toList();
        if (outcomes.contains(Outcome.BROKEN)) {
            return Outcome.BROKEN;
        }
        return outcomes.contains(Outcome.INCONCLUSIVE) ? Outcome.INCONCLUSIVE : Outcome.HELD;
    }
}
