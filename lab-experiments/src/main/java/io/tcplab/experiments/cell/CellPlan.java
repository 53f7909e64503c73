package io.tcplab.experiments.cell;

import io.tcplab.experiments.Role;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a run needs of its cell.
 *
 * @param sysctls by host, name to value
 * @param serverAddresses how many addresses the server has, 1 to 100
 * @param transitions whether state changes are to be recorded from the start
 */
public record CellPlan(Map<Role, Map<String, String>> sysctls, int serverAddresses, boolean transitions) {

    /** Copies the maps, so that a plan never changes. */
    public CellPlan {
        Map<Role, Map<String, String>> copy = new EnumMap<>(Role.class);
        for (Role role : Role.values()) {
            copy.put(role, Map.copyOf(sysctls.getOrDefault(role, Map.of())));
        }
        sysctls = Map.copyOf(copy);
        if (serverAddresses < 1 || serverAddresses > 100) {
            throw new IllegalArgumentException("serverAddresses must be 1 to 100: " + serverAddresses);
        }
    }

    /** The kernel's defaults, one address a host. */
    public static CellPlan plain() {
        return new CellPlan(Map.of(), 1, false);
    }

    /** The same with one more sysctl on a host; a later value for the same name wins. */
    public CellPlan with(Role role, String name, String value) {
        Map<Role, Map<String, String>> all = new EnumMap<>(Role.class);
        all.putAll(sysctls);
        Map<String, String> own = new LinkedHashMap<>(all.getOrDefault(role, Map.of()));
        own.put(name, value);
        all.put(role, own);
        return new CellPlan(all, serverAddresses, transitions);
    }

    /** The same with so many addresses on the server. */
    public CellPlan withServerAddresses(int count) {
        return new CellPlan(sysctls, count, transitions);
    }

    /** The same with state changes recorded. */
    public CellPlan withTransitions() {
        return new CellPlan(sysctls, serverAddresses, true);
    }
}
