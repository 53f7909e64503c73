package io.tcplab.experiments.cell;

/** How the hosts of a cell are joined. */
public enum Link {
    /** A veth pair: segments go straight from kernel to kernel. */
    VETH,
    /**
     * {@link io.tcplab.kernel.wire.Wire}: the lab forwards each segment, interferes where it is asked to, and records
     * all.
     */
    WIRE
}
