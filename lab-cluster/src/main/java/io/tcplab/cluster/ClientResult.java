package io.tcplab.cluster;

import io.tcplab.client.LoadReport;
import io.tcplab.client.LoadTimings;
import io.tcplab.kernel.counters.Counters;

/** What became of one client. */
public sealed interface ClientResult {
    /** From 1. */
    int number();

    /** The machine it was on. */
    String node();

    /**
     * How far its clock was ahead of the coordinator's.
     *
     * @param offsetNanos 0 on one kernel
     * @param errorNanos the most by which that is wrong: half of the shortest round trip
     */
    record Clock(long offsetNanos, long errorNanos) {}

    /**
     * It has reported.
     *
     * @param lateNanos how long after the common instant it began
     * @param counters of its kernel, since before the load
     */
    record Reported(
            int number,
            String node,
            Clock clock,
            long lateNanos,
            LoadReport load,
            LoadTimings timings,
            Counters counters)
            implements ClientResult {}

    /** It is missing, and so is what it did. */
    record Lost(int number, String node, String why) implements ClientResult {}
}
