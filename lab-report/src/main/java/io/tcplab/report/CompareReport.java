package io.tcplab.report;

import static java.util.stream.Collectors.joining;

import io.tcplab.compare.threshold.ThresholdResult;
import io.tcplab.compare.verdict.ComparisonResult;
import io.tcplab.compare.verdict.Effect;
import io.tcplab.compare.verdict.Finding;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * What there is to report of one invocation of {@code lab compare}.
 *
 * @param kernelRelease of the kernel that was asked, as {@code uname -r} has it
 * @param interrupted whether it was stopped before all runs had ended
 * @param comparisons in the order in which they were asked for
 * @param thresholds what became of those that were asked for
 * @param kernels that were compared, with how each went; none if the kernel isn't a factor
 */
public record CompareReport(
        String kernelRelease,
        boolean interrupted,
        List<ComparisonResult> comparisons,
        List<ThresholdResult> thresholds,
        List<KernelRun> kernels) {
    /** Copies the lists. */
    public CompareReport {
        kernels = List.copyOf(kernels);
        comparisons = List.copyOf(comparisons);
        thresholds = List.copyOf(thresholds);
    }

    /** Whether each comparison says something: evidence that is missing everywhere says nothing. */
    public boolean isTold() {
        return !comparisons.isEmpty() && comparisons.stream().allMatch(ComparisonResult::isTold);
    }

    /** Whether trials of a machine are missing. */
    public boolean isPartial() {
        return comparisons.stream().anyMatch(ComparisonResult::isPartial);
    }

    /** {@code 2 large, 9 no effect}, naming only what occurs. */
    public String summary() {
        String counts = Arrays.stream(Effect.values())
                .filter(effect -> count(effect) > 0)
                .map(effect -> count(effect) + " " + effect.label())
                .collect(joining(", "));
        return (counts.isEmpty() ? "nothing was measured" : counts)
                + (isPartial() ? "; partial: trials of a machine are missing" : "")
                + (interrupted ? ", then interrupted" : "");
    }

    private long count(Effect effect) {
        return findings().filter(finding -> finding.effect() == effect).count();
    }

    private Stream<Finding> findings() {
        return comparisons.stream()
                .flatMap(comparison -> comparison.measures().stream())
                .filter(result -> !result.isNothing())
                .flatMap(result -> result.findings().stream());
    }
}
