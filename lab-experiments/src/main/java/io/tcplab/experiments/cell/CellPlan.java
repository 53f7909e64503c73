package io.tcplab.experiments.cell;

import io.tcplab.experiments.Role;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a run needs of its cell.
 *
 * @param sysctls by host, name to value
 * @param clientAddresses how many addresses the client has, 1 to 100
 * @param serverAddresses how many addresses the server has, 1 to 100
 * @param link how the hosts are joined
 * @param transitions whether state changes are to be recorded from the start
 * @param capture whether {@link Cell#capture} may be called
 */
public record CellPlan(
        Map<Role, Map<String, String>> sysctls,
        int clientAddresses,
        int serverAddresses,
        Link link,
        boolean transitions,
        boolean capture) {

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
        return new CellPlan(Map.of(), 1, 1, Link.VETH, false, false);
    }

    /** The same with one more sysctl on a host; a later value for the same name wins. */
    public CellPlan with(Role role, String name, String value) {
        Map<Role, Map<String, String>> all = new EnumMap<>(Role.class);
        all.putAll(sysctls);
        Map<String, String> own = new LinkedHashMap<>(all.getOrDefault(role, Map.of()));
        own.put(name, value);
        all.put(role, own);
        return new CellPlan(all, clientAddresses, serverAddresses, link, transitions, capture);
    }

    /** The same with so many addresses on the client. */
    public CellPlan withClientAddresses(int count) {
        return new CellPlan(sysctls, count, serverAddresses, link, transitions, capture);
    }

    /** The same with so many addresses on the server. */
    public CellPlan withServerAddresses(int count) {
        return new CellPlan(sysctls, clientAddresses, count, link, transitions, capture);
    }

    /** The same with the lab's own wire between the hosts. */
    public CellPlan withWire() {
        return new CellPlan(sysctls, clientAddresses, serverAddresses, Link.WIRE, transitions, capture);
    }

    /**
     * The same with TIME_WAIT that no RST ends, for what counts it exactly. A peer that closes at once, on another CPU,
     * may get its FIN on the way before its ACK of ours; TIME_WAIT answers the late ACK, nobody is there any more, and
     * the RST would end it (RFC 1337; tcp_timewait_state_process in net/ipv4/tcp_minisocks.c).
     */
    public CellPlan withTimeWaitKept() {
        String name = "net.ipv4.tcp_rfc1337";
        return with(Role.CLIENT, name, "1").with(Role.SERVER, name, "1");
    }

    /** The same with state changes recorded. */
    public CellPlan withTransitions() {
        return new CellPlan(sysctls, clientAddresses, serverAddresses, link, true, capture);
    }

    /** The same with what a capture needs. */
    public CellPlan withCapture() {
        return new CellPlan(sysctls, clientAddresses, serverAddresses, link, transitions, true);
    }

    private static void requireFew(String name, int addresses) {
        if (addresses < 1 || addresses > 100) {
            throw new IllegalArgumentException(name + " must be 1 to 100: " + addresses);
        }
    }
}
