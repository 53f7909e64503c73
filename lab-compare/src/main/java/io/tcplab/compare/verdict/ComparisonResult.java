package io.tcplab.compare.verdict;

import io.tcplab.compare.run.Sample;
import io.tcplab.experiments.Bound;
import java.util.List;

/**
 * What came of a comparison.
 *
 * @param jobs how many runs could go side by side, 1 or more
 * @param trials of each setting, as planned
 * @param interrupted whether it ended early; what is there counts
 * @param settings the baseline first
 * @param sysctls in which settings differ
 * @param reasons what is known of these sysctls
 * @param notes what the user should know of how it came about
 * @param samples all trials, in the order in which they ended
 * @param nodes the machines of a cluster that ran them; none if this one did
 */
public record ComparisonResult(
        String experiment,
        Bound bound,
        int jobs,
        long seed,
        int trials,
        boolean interrupted,
        double seconds,
        List<SettingResult> settings,
        List<MeasureResult> measures,
        List<SysctlDifference> sysctls,
        List<Reason> reasons,
        List<String> notes,
        List<Sample> samples,
        List<NodeResult> nodes) {
    /** Copies the lists. */
    public ComparisonResult {
        settings = List.copyOf(settings);
        measures = List.copyOf(measures);
        sysctls = List.copyOf(sysctls);
        reasons = List.copyOf(reasons);
        notes = List.copyOf(notes);
        samples = List.copyOf(samples);
        nodes = List.copyOf(nodes);
    }

    /** Whether runs are missing because a machine was lost. */
    public boolean isPartial() {
        return nodes.stream().anyMatch(node -> !node.problem().isEmpty());
    }

    /** Whether there is anything that can be said: an effect, or that there is none. */
    public boolean isTold() {
        return measures.stream()
                .flatMap(result -> result.findings().stream())
                .anyMatch(finding -> finding.effect().isTold());
    }
}
