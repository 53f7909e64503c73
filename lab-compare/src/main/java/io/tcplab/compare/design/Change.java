package io.tcplab.compare.design;

import io.tcplab.experiments.Role;
import io.tcplab.transport.Transport;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What a setting changes in a run: data, that a command line or a file can fill.
 *
 * @param sysctls by host, name to value; they win over the experiment's own
 * @param knobs the experiment's knobs, name to text
 * @param transport how Netty talks to the kernel, on both hosts; empty for the experiment's own choice
 * @param sandbox what provides the cells; empty for the default
 */
public record Change(
        Map<Role, Map<String, String>> sysctls,
        Map<String, String> knobs,
        Optional<Transport> transport,
        Optional<String> sandbox) {
    /** Copies the maps. */
    public Change {
        Map<Role, Map<String, String>> copy = new EnumMap<>(Role.class);
        sysctls.forEach((role, own) -> copy.put(role, Collections.unmodifiableMap(new LinkedHashMap<>(own))));
        sysctls = Collections.unmodifiableMap(copy);
        knobs = Collections.unmodifiableMap(new LinkedHashMap<>(knobs));
    }

    /** Nothing. */
    public static Change none() {
        return new Change(Map.of(), Map.of(), Optional.empty(), Optional.empty());
    }

    /** A knob. */
    public static Change knob(String name, String value) {
        return new Change(Map.of(), Map.of(name, value), Optional.empty(), Optional.empty());
    }

    /** Sysctls by host. */
    public static Change sysctls(Map<Role, Map<String, String>> sysctls) {
        return new Change(sysctls, Map.of(), Optional.empty(), Optional.empty());
    }

    /** A transport. */
    public static Change transport(Transport transport) {
        return new Change(Map.of(), Map.of(), Optional.of(transport), Optional.empty());
    }

    /** A sandbox, by name. */
    public static Change sandbox(String name) {
        return new Change(Map.of(), Map.of(), Optional.empty(), Optional.of(name));
    }

    /** Both; where both say something about the same, the other one wins. */
    public Change and(Change other) {
        Map<Role, Map<String, String>> allSysctls = new EnumMap<>(Role.class);
        for (Role role : Role.values()) {
            Map<String, String> own = new LinkedHashMap<>(sysctls.getOrDefault(role, Map.of()));
            own.putAll(other.sysctls.getOrDefault(role, Map.of()));
            allSysctls.put(role, own);
        }
        Map<String, String> allKnobs = new LinkedHashMap<>(knobs);
        allKnobs.putAll(other.knobs);
        return new Change(allSysctls, allKnobs, other.transport.or(() -> transport), other.sandbox.or(() -> sandbox));
    }
}
