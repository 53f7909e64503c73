package io.tcplab.experiments.catalogue;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.experiments.Arm;
import io.tcplab.experiments.Verdict;
import io.tcplab.experiments.run.ExpectationResult;
import io.tcplab.experiments.run.RunResult;

/** What must come of an experiment in every sandbox that can do it. */
public final class Verdicts {
    private Verdicts() {}

    public static void assertConfirmed(RunResult result) {
        assertThat(result.verdict()).as(result.reason()).isEqualTo(Verdict.CONFIRMED);
        assertThat(result.expectations())
                // A busy kernel may lose events, and says so; the verdict doesn't rest on them.
                .allSatisfy(one -> assertThat(one.verdict()).as(one.toString()).isNotEqualTo(Verdict.REFUTED))
                .anySatisfy(one -> assertThat(one.arm()).isEqualTo(Arm.CONTROL));
    }

    /** Of a run without its fault: all that decides is refuted. */
    public static void assertRefuted(RunResult result) {
        assertThat(result.verdict()).as(result.reason()).isEqualTo(Verdict.REFUTED);
        assertThat(result.expectations().stream().filter(ExpectationResult::decides))
                .isNotEmpty()
                .allSatisfy(one -> assertThat(one.verdict()).as(one.toString()).isEqualTo(Verdict.REFUTED));
    }
}
