package io.tcplab.experiments.cell;

import io.tcplab.kernel.limits.FdLimit;

/**
 * How much goes on in a sandbox at a time.
 *
 * @param descriptors how many file descriptors there are for sockets
 * @param shared whether all cells share them, since they live in one process; otherwise each host has this many
 * @param jobs how many runs go side by side unless the user says otherwise, 1 or more
 */
public record Capacity(long descriptors, boolean shared, int jobs) {
    /** Descriptors that no run may take: jars, netlink sockets, event loops, what a JVM opens on its own. */
    public static final int RESERVE = 500;

    /** That of cells inside this process: its descriptors are the limit, and nothing else. */
    public static Capacity ofThisProcess() {
        return new Capacity(Math.max(0, FdLimit.current().soft() - RESERVE), true, Integer.MAX_VALUE);
    }
}
