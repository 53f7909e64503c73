package io.tcplab.experiments;

import io.tcplab.kernel.sockets.TcpState;
import io.tcplab.kernel.transitions.Transition;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The states that sockets went through, in words. */
public final class StatePaths {
    private static final String ARROW = " → ";

    private StatePaths() {}

    /** The states one after the other: {@code SYN_SENT → ESTABLISHED}. */
    public static String path(TcpState... states) {
        return Stream.of(states).map(TcpState::label).collect(Collectors.joining(ARROW));
    }

    /**
     * How many of the host's sockets ended with this path.
     *
     * @param transitions both hosts', in order of time
     * @param host the host's addresses
     * @param path as {@link #path} says it
     */
    public static long ending(List<Transition> transitions, Collection<InetAddress> host, String path) {
        return bySocket(transitions, host).stream()
                .filter(taken -> (ARROW + walked(taken)).endsWith(ARROW + path))
                .count();
    }

    /** The state changes of both ends of each connection that was established; those that failed to connect are left out. */
    public static String changesEach(List<Transition> transitions) {
        long established = count(transitions, TcpState.SYN_SENT, TcpState.ESTABLISHED);
        long changes = transitions.size() - 2 * count(transitions, TcpState.SYN_SENT, TcpState.CLOSE);
        return changes == 10 * established ? "10 each" : "%,d for %,d connections".formatted(changes, established);
    }

    private static long count(List<Transition> transitions, TcpState from, TcpState to) {
        return transitions.stream()
                .filter(one -> one.from() == from && one.to() == to)
                .count();
    }

    private static Collection<List<Transition>> bySocket(List<Transition> transitions, Collection<InetAddress> host) {
        Map<Long, List<Transition>> bySocket = new LinkedHashMap<>();
        transitions.stream()
                .filter(transition -> host.contains(transition.local().getAddress()))
                .forEach(transition -> bySocket.computeIfAbsent(transition.socket(), socket -> new ArrayList<>())
                        .add(transition));
        return bySocket.values();
    }

    private static String walked(List<Transition> taken) {
        return Stream.concat(Stream.of(taken.getFirst().from()), taken.stream().map(Transition::to))
                .map(TcpState::label)
                .collect(Collectors.joining(ARROW));
    }
}
