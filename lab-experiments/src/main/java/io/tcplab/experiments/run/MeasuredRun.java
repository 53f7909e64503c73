package io.tcplab.experiments.run;

import io.tcplab.experiments.Measurement;
import io.tcplab.experiments.Role;
import io.tcplab.experiments.Verdict;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a run yielded that was taken for its measures.
 *
 * @param measurements by name; what was left out couldn't be had
 * @param unmeasured measures that this sandbox or this user can't have, and why; the others count nevertheless
 * @param verdict on the expectations that it observed, with the fault; empty if it observed none
 * @param sysctls by host, as they were read back from the host before the first step; a name that this kernel lacks is
 *     missing
 * @param changed of those, the ones that were different after the last step: {@code client net.ipv4.tcp_fin_timeout}
 * @param problem what evidence is missing, or was lost, and why; empty if none is
 * @param seconds from the cell's making to its removal
 */
public record MeasuredRun(
        Map<String, Measurement> measurements,
        Map<String, String> unmeasured,
        Optional<Verdict> verdict,
        Map<Role, Map<String, String>> sysctls,
        List<String> changed,
        String problem,
        double seconds) {
    /** Copies the collections. */
    public MeasuredRun {
        measurements = Map.copyOf(measurements);
        unmeasured = Map.copyOf(unmeasured);
        sysctls = Map.copyOf(sysctls);
        changed = List.copyOf(changed);
    }

    /** Whether what it measured counts. */
    public boolean isWhole() {
        return problem.isEmpty();
    }
}
