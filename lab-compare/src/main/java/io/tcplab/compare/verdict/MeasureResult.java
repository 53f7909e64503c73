package io.tcplab.compare.verdict;

import io.tcplab.compare.statistics.Summary;
import io.tcplab.experiments.Measure;
import java.util.List;
import java.util.Optional;

/**
 * One measure under all settings.
 *
 * @param summaries by setting, the baseline first; empty where nothing was measured
 * @param findings of the settings after the baseline, in their order
 */
public record MeasureResult(Measure measure, List<Optional<Summary>> summaries, List<Finding> findings) {
    /** Copies the lists. */
    public MeasureResult {
        summaries = List.copyOf(summaries);
        findings = List.copyOf(findings);
    }

    /** Whether it was 0 wherever it was measured, and there is nothing to see. */
    public boolean isNothing() {
        List<Summary> measured = summaries.stream().flatMap(Optional::stream).toList();
        return !measured.isEmpty()
                && measured.stream().allMatch(summary -> summary.constant() && summary.median() == 0);
    }
}
