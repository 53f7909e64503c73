package io.tcplab.compare.design;

import io.tcplab.experiments.UsageException;
import java.util.List;

/**
 * Something that is varied.
 *
 * @param name as the user typed it: {@code client:net.ipv4.tcp_tw_reuse}, {@code backlog}, {@code profile}
 * @param levels its values, the first of the baseline; a single one holds for all settings
 */
public record Factor(String name, List<Level> levels) {
    /** Copies the list; it must have something in it. */
    public Factor {
        levels = List.copyOf(levels);
        if (levels.isEmpty()) {
            throw new UsageException(name + ": no value");
        }
    }

    /** Whether settings differ in it. */
    public boolean varies() {
        return levels.size() > 1;
    }
}
