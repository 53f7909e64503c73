package io.tcplab.containers;

import io.tcplab.containers.agent.Agent;
import io.tcplab.containers.protocol.Call;
import io.tcplab.containers.protocol.MessageReader;

/**
 * How far the agent's CLOCK_MONOTONIC is ahead of the lab's. On one kernel it is the same clock. With the engine in a virtual
 * machine it is another: then the shortest of several round trips tells, to half its length.
 *
 * @param nanos to be subtracted from the agent's times
 * @param error the most by which that may be wrong: half of the shortest round trip
 */
public record MonotonicOffset(long nanos, long error) {
    private static final int TRIES = 10;

    /** Of an agent whose kernel has that boot id, empty if it is unknown. */
    public static MonotonicOffset of(AgentLink link, String agentsBootId) {
        if (!agentsBootId.isEmpty() && agentsBootId.equals(Agent.bootId())) {
            return new MonotonicOffset(0, 0);
        }
        long shortest = Long.MAX_VALUE;
        long offset = 0;
        for (int i = 0; i < TRIES; i++) {
            long asked = System.nanoTime();
            long agents = link.ask(Call.CLOCK, MessageReader::number);
            long took = System.nanoTime() - asked;
            if (took < shortest) {
                shortest = took;
                offset = agents - (asked + took / 2);
            }
        }
        return new MonotonicOffset(offset, shortest / 2 + 1);
    }

    /** The lab's time at an instant of the agent's clock. */
    public long toLab(long agentsNanos) {
        return agentsNanos - nanos;
    }

    /** The agent's time at an instant of the lab's clock. */
    public long toAgent(long labsNanos) {
        return labsNanos + nanos;
    }
}
