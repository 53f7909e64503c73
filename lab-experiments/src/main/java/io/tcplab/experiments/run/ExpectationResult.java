package io.tcplab.experiments.run;

import io.tcplab.experiments.Arm;
import io.tcplab.experiments.Expectation;
import io.tcplab.experiments.Verdict;

/**
 * The verdict on one expectation in one arm. In the control's arm it is confirmed when the control shows something else
 * than what the fault is expected to show.
 *
 * @param expected in words: {@code = 500}; in the control's arm {@code not = 500}
 * @param observed in words; empty where there is no evidence
 * @param reason why it is inconclusive; or by what it was judged, if this kernel differs; empty otherwise
 */
public record ExpectationResult(
        Expectation expectation, Arm arm, String expected, String observed, Verdict verdict, String reason) {

    /** Whether the run's verdict depends on it. */
    public boolean decides() {
        return expectation.decides();
    }
}
