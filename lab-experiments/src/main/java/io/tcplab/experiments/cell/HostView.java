package io.tcplab.experiments.cell;

import io.tcplab.kernel.netns.Namespace;
import io.tcplab.kernel.sockets.TcpSocket;
import java.net.InetAddress;
import java.util.List;

/**
 * Where a host lives, and what of that place is the host.
 *
 * @param addresses the host's own, at least one
 * @param shared whether others live there too: then a socket is the host's by its local address only, and counters count
 *     the others' doings as well
 */
record HostView(Namespace namespace, List<InetAddress> addresses, boolean shared) {
    HostView {
        addresses = List.copyOf(addresses);
    }

    boolean has(TcpSocket socket) {
        return !shared || addresses.contains(socket.local().getAddress());
    }

    /** The address to listen on: the wildcard, so that one listener serves all addresses, if nobody else is there. */
    InetAddress bind() {
        return shared ? addresses.getFirst() : CellAddresses.ANY;
    }
}
