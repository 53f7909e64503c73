package io.tcplab.experiments.cell;

import io.tcplab.experiments.Role;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a run needs of its cell.
 *
 * @param sysctls by host, name to value: what the experiment can't do without
 * @param clientAddresses how many addresses the client has, 1 to 100
 * @param serverAddresses how many addresses the server has, 1 to 100
 * @param link how the hosts are joined
 * @param transitions whether state changes are to be recorded from the start
 * @param capture whether {@link Cell#capture} may be called
 * @param timeWaitKept whether no RST is to end TIME_WAIT; see {@link #withTimeWaitKept}
 */
public record CellPlan(
        Map<Role, Map<String, String>> sysctls,
        int clientAddresses,
        int serverAddresses,
        Link link,
        boolean transitions,
        boolean capture,
        boolean timeWaitKept) {
    private static final String RFC1337 = "net.ipv4.tcp_rfc1337";

    /** Copies the maps, so that a plan never changes. */
    public CellPlan {
        Map<Role, Map<String, String>> copy = new EnumMap<>(Role.class);
        for (Role role : Role.values()) {
            copy.put(role, Map.copyOf(sysctls.getOrDefault(role, Map.of())));
        }
        sysctls = Map.copyOf(copy);
        requireFew("clientAddresses", clientAddresses);
        requireFew("serverAddresses", serverAddresses);
    }

    /** The kernel's defaults, one address a host, a veth pair between them. */
    public static CellPlan plain() {
        return new CellPlan(Map.of(), 1, 1, Link.VETH, false, false, false);
    }

    /** The same with one more sysctl on a host; a later value for the same name wins. */
    public CellPlan with(Role role, String name, String value) {
        Map<Role, Map<String, String>> all = new EnumMap<>(Role.class);
        all.putAll(sysctls);
        Map<String, String> own = new LinkedHashMap<>(all.getOrDefault(role, Map.of()));
        own.put(name, value);
        all.put(role, own);
        return new CellPlan(all, clientAddresses, serverAddresses, link, transitions, capture, timeWaitKept);
    }

    /** The same with this many addresses on the client. */
    public CellPlan withClientAddresses(int count) {
        return new CellPlan(sysctls, count, serverAddresses, link, transitions, capture, timeWaitKept);
    }

    /** The same with this many addresses on the server. */
    public CellPlan withServerAddresses(int count) {
        return new CellPlan(sysctls, clientAddresses, count, link, transitions, capture, timeWaitKept);
    }

    /** The same with the lab's own wire between the hosts. */
    public CellPlan withWire() {
        return new CellPlan(sysctls, clientAddresses, serverAddresses, Link.WIRE, transitions, capture, timeWaitKept);
    }

    /**
     * The same with TIME_WAIT that no RST ends, for what counts it exactly. A peer that closes at once, on another CPU,
     * may get its FIN on the way before its ACK of ours; TIME_WAIT answers the late ACK, nobody is left there, and
     * the RST would end it (RFC 1337; tcp_timewait_state_process in net/ipv4/tcp_minisocks.c). Where a cell may set
     * sysctls it sets tcp_rfc1337 for that; elsewhere it does without.
     */
    public CellPlan withTimeWaitKept() {
        return new CellPlan(sysctls, clientAddresses, serverAddresses, link, transitions, capture, true);
    }

    /** What a cell that may set sysctls sets on a host, name to value. */
    public Map<String, String> settings(Role role) {
        Map<String, String> all = new LinkedHashMap<>();
        if (timeWaitKept) {
            all.put(RFC1337, "1");
        }
        all.putAll(sysctls.getOrDefault(role, Map.of()));
        return all;
    }

    /** The same with state changes recorded. */
    public CellPlan withTransitions() {
        return new CellPlan(sysctls, clientAddresses, serverAddresses, link, true, capture, timeWaitKept);
    }

    /** The same with what a capture needs. */
    public CellPlan withCapture() {
        return new CellPlan(sysctls, clientAddresses, serverAddresses, link, transitions, true, timeWaitKept);
    }

    private static void requireFew(String name, int addresses) {
        if (addresses < 1 || addresses > 100) {
            throw new IllegalArgumentException(name + " must be 1 to 100: " + addresses);
        }
    }
}
