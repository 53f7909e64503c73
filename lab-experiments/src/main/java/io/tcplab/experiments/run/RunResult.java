package io.tcplab.experiments.run;

import io.tcplab.experiments.Measurement;
import io.tcplab.experiments.Role;
import io.tcplab.experiments.Verdict;
import java.util.List;
import java.util.Map;

/**
 * What came of one trial of one experiment.
 *
 * @param reason why it isn't confirmed; empty if it is
 * @param seconds from the first cell's making to the last one's removal
 * @param knobs name to number or text
 * @param sysctls by host, every sysctl that was set, with the value read back from the host
 * @param measurements of the fault's arm
 * @param fault what its arm left
 * @param control what the control left; none if there was no control
 */
public record RunResult(
        String experiment,
        int trial,
        Verdict verdict,
        String reason,
        double seconds,
        Map<String, Object> knobs,
        Map<Role, Map<String, String>> sysctls,
        List<ExpectationResult> expectations,
        Map<String, Measurement> measurements,
        ArmFigures fault,
        ArmFigures control) {}
