package io.tcplab.report;

import io.tcplab.experiments.Verdict;
import io.tcplab.experiments.run.RunResult;
import java.util.List;

/**
 * What there is to report of one invocation of {@code lab run}.
 *
 * @param kernelRelease of the kernel that was asked, as {@code uname -r} has it
 * @param sandbox what provided the cells
 * @param seed the seed of the order of the runs; the same seed gives the same order
 * @param withoutFault whether the fault was left out, in which case each run should be refuted
 * @param interrupted whether it was stopped before all runs had ended; {@code runs} has those that had
 * @param runs in the order in which they ended
 */
public record RunReport(
        String kernelRelease,
        String sandbox,
        long seed,
        boolean withoutFault,
        boolean interrupted,
        List<RunResult> runs) {
    /** Copies the list. */
    public RunReport {
        runs = List.copyOf(runs);
    }

    /** The verdict on all of them together. What was interrupted is at best inconclusive. */
    public Verdict verdict() {
        Verdict ofRuns = Verdict.of(runs.stream().map(RunResult::verdict).toList());
        return interrupted && ofRuns == Verdict.CONFIRMED ? Verdict.INCONCLUSIVE : ofRuns;
    }

    /** How many runs have this verdict. */
    public long count(Verdict verdict) {
        return runs.stream().filter(run -> run.verdict() == verdict).count();
    }
}
