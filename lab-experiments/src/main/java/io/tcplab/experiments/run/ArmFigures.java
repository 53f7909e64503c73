package io.tcplab.experiments.run;

import io.tcplab.experiments.NamedLoad;
import io.tcplab.experiments.Role;
import java.util.List;
import java.util.Map;

/**
 * What an arm left to look at. No verdict rests on it.
 *
 * @param timeline its sockets from the first step to the last
 * @param counters by host, how far its counters of TCP went until the last step, of those that moved and don't just count traffic; a host
 *     whose counters couldn't be read is missing
 * @param loads in the order in which they ended
 */
public record ArmFigures(Timeline timeline, Map<Role, Map<String, Long>> counters, List<NamedLoad> loads) {
    /** Copies the collections. */
    public ArmFigures {
        counters = Map.copyOf(counters);
        loads = List.copyOf(loads);
    }

    /** Of an arm that wasn't there, or didn't get far enough. */
    public static ArmFigures none() {
        return new ArmFigures(Timeline.empty(), Map.of(), List.of());
    }
}
