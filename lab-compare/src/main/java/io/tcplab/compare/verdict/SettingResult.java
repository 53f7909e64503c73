package io.tcplab.compare.verdict;

import io.tcplab.experiments.Role;
import io.tcplab.experiments.Verdict;
import java.util.List;
import java.util.Map;

/**
 * What became of a setting's runs.
 *
 * @param number 1 for the baseline
 * @param knobs name to number or text
 * @param sysctls by host, those that any setting sets, as they were read back from the host
 * @param verdicts how often the experiment itself was confirmed, refuted, inconclusive; nothing where its runs are only measured
 * @param kept trials that count
 * @param repeated attempts that didn't count, and were made again
 * @param dropped why trials don't count, one for each
 */
public record SettingResult(
        int number,
        String label,
        String sandbox,
        Map<String, Object> knobs,
        Map<Role, Map<String, String>> sysctls,
        Map<Verdict, Long> verdicts,
        int kept,
        int repeated,
        List<String> dropped) {
    /** Copies the list. */
    public SettingResult {
        dropped = List.copyOf(dropped);
    }
}
