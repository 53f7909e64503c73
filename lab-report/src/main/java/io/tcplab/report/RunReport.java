package io.tcplab.report;

import io.tcplab.experiments.Verdict;
import io.tcplab.experiments.run.RunResult;
import io.tcplab.kernel.memory.ProcessMemory;
import java.util.List;
import java.util.Optional;

/**
 * What there is to report of one invocation of {@code lab run}.
 *
 * @param kernelRelease of the kernel that was asked, as {@code uname -r} has it
 * @param sandbox what provided the cells
 * @param seed the seed of the order of the runs; the same seed gives the same order
 * @param withoutFault whether the fault was left out, in which case each run should be refuted
 * @param interrupted whether it was stopped before all runs had ended; {@code runs} has those that had
 * @param memory the most that the lab's own process has had; empty if that isn't known
 * @param runs in the order in which they ended
 */
public record RunReport(
        String kernelRelease,
        String sandbox,
        long seed,
        boolean withoutFault,
        boolean interrupted,
        Optional<ProcessMemory> memory,
        List<RunResult> runs) {
    /** One that says nothing of memory. */
    public RunReport(
            String kernelRelease,
            String sandbox,
            long seed,
            boolean withoutFault,
            boolean interrupted,
            List<RunResult> runs) {
        this(kernelRelease, sandbox, seed, withoutFault, interrupted, Optional.empty(), runs);
    }

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
