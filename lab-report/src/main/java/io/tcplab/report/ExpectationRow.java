package io.tcplab.report;

import io.tcplab.experiments.Arm;
import io.tcplab.experiments.Verdict;
import io.tcplab.experiments.run.ExpectationResult;
import io.tcplab.experiments.run.RunResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One expectation with what was seen in both arms, side by side.
 *
 * @param control empty where the control's evidence isn't judged, or where there was no control
 */
record ExpectationRow(ExpectationResult fault, Optional<ExpectationResult> control) {

    /** The run's expectations in their order. */
    static List<ExpectationRow> of(RunResult run) {
        List<ExpectationRow> rows = new ArrayList<>();
        for (ExpectationResult result : run.expectations()) {
            if (result.arm() == Arm.FAULT) {
                rows.add(new ExpectationRow(result, control(run, result)));
            }
        }
        return rows;
    }

    /** On both arms together. */
    Verdict verdict() {
        return control.map(other -> Verdict.of(List.of(fault.verdict(), other.verdict())))
                .orElse(fault.verdict());
    }

    /** What the control showed; a dash where there is nothing to tell. */
    String controlText() {
        return control.map(ExpectationResult::observed)
                .filter(text -> !text.isEmpty())
                .orElse("-");
    }

    /** What the fault's arm showed; a dash where there is no evidence. */
    String faultText() {
        return fault.observed().isEmpty() ? "-" : fault.observed();
    }

    /** Why one of the arms is inconclusive, the fault's first; empty if neither is. */
    String reason() {
        return fault.reason().isEmpty() ? control.map(ExpectationResult::reason).orElse("") : fault.reason();
    }

    private static Optional<ExpectationResult> control(RunResult run, ExpectationResult fault) {
        return run.expectations().stream()
                .filter(other -> other.arm() == Arm.CONTROL)
                .filter(other -> other.expectation().equals(fault.expectation()))
                .findFirst();
    }
}
