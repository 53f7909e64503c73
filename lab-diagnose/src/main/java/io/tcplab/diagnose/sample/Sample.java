package io.tcplab.diagnose.sample;

import io.tcplab.kernel.counters.Counters;
import io.tcplab.kernel.processes.SocketHolders;
import io.tcplab.kernel.sockets.MptcpListing;
import java.util.List;
import java.util.Map;

/**
 * What the kernel and /proc said at one moment.
 *
 * @param atNanos when, on System.nanoTime's clock
 * @param tookNanos how long it took to ask
 * @param sockets all sockets of the namespace, whatever their owner
 * @param bound sockets that are bound to a port and neither listen nor are connected, in TcpState.CLOSE; none where there are
 *     so many sockets that looking through all ports takes long, and of older kernels than 6.8
 * @param complete false if the kernel's table changed under each try: see {@link io.tcplab.kernel.sockets.SockDiag}
 * @param counters the namespace's
 * @param holders which processes hold descriptors of which socket
 * @param processes those that matter for the target, by pid; none in a glance
 * @param settings the namespace's sysctls
 * @param mptcp whether the kernel lists MPTCP sockets
 */
public record Sample(
        long atNanos,
        long tookNanos,
        List<SocketRow> sockets,
        List<SocketRow> bound,
        boolean complete,
        Counters counters,
        SocketHolders holders,
        Map<Integer, ProcessSample> processes,
        Settings settings,
        MptcpListing mptcp) {
    public Sample {
        processes = Map.copyOf(processes);
    }
}
