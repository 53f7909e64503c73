package io.tcplab.kernel.sockets;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * How many sockets were in each state.
 *
 * @param atNanos when the kernel was asked, as System.nanoTime() says it (CLOCK_MONOTONIC)
 * @param byState a count for each state that sock_diag reports, zeros included, in the kernel's order
 * @param complete false if the kernel's table changed under each of the tries: see {@link SockDiag}
 */
public record StateCounts(long atNanos, Map<TcpState, Integer> byState, boolean complete) {
    public StateCounts {
        byState = Collections.unmodifiableMap(new EnumMap<>(byState));
    }

    /** From counts by the kernel's state number. */
    static StateCounts of(long atNanos, int[] byNumber, boolean complete) {
        EnumMap<TcpState, Integer> counts = new EnumMap<>(TcpState.class);
        for (TcpState state : TcpState.reported()) {
            counts.put(state, byNumber[state.number()]);
        }
        return new StateCounts(atNanos, counts, complete);
    }

    /** How many sockets were in this state. */
    public int of(TcpState state) {
        return byState.getOrDefault(state, 0);
    }

    /** How many sockets there were. */
    public int total() {
        return byState.values().stream().mapToInt(Integer::intValue).sum();
    }
}
