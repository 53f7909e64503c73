package io.tcplab.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.experiments.Verdict;
import io.tcplab.experiments.run.RunResult;
import java.util.List;
import org.junit.jupiter.api.Test;

class RunReportTest {
    @Test
    void aSingleRefutationRefutes() {
        assertThat(report(false, Samples.confirmed(), Samples.inconclusive(), Samples.refuted())
                        .verdict())
                .isEqualTo(Verdict.REFUTED);
    }

    @Test
    void aSingleGapLeavesTheWholeInconclusive() {
        assertThat(report(false, Samples.confirmed(), Samples.inconclusive()).verdict())
                .isEqualTo(Verdict.INCONCLUSIVE);
    }

    @Test
    void whatWasInterruptedIsNeverConfirmed() {
        assertThat(report(true, Samples.confirmed()).verdict()).isEqualTo(Verdict.INCONCLUSIVE);
        assertThat(report(true, Samples.refuted()).verdict()).isEqualTo(Verdict.REFUTED);
    }

    @Test
    void nothingAtAllProvesNothing() {
        assertThat(report(false).verdict()).isEqualTo(Verdict.INCONCLUSIVE);
    }

    private static RunReport report(boolean interrupted, RunResult... runs) {
        return new RunReport("6.18.44", "namespaces", 7, false, interrupted, List.of(runs));
    }
}
