package io.tcplab.compare.verdict;

import io.tcplab.experiments.Role;
import java.util.List;

/**
 * A sysctl in which settings differ.
 *
 * @param values by setting, as they were read back from the host; empty where it has no such sysctl, or nothing ran
 */
public record SysctlDifference(Role host, String name, List<String> values) {
    /** Copies the list. */
    public SysctlDifference {
        values = List.copyOf(values);
    }

    /** Whether a setting has another value than the baseline. */
    boolean differs(int setting) {
        return !values.get(setting - 1).equals(values.getFirst());
    }
}
