package io.tcplab.experiments.cell;

import io.tcplab.kernel.netns.Namespace;
import io.tcplab.kernel.sockets.TcpSocket;
import io.tcplab.kernel.sysctl.Sysctls;
import java.net.InetAddress;
import java.util.List;

/**
 * Where a host lives, and what of that place is the host.
 *
 * @param addresses the host's own, at least one
 */
record HostView(Namespace namespace, List<InetAddress> addresses, NamespaceSharing sharing) {
    HostView {
        addresses = List.copyOf(addresses);
    }

    boolean shared() {
        return sharing == NamespaceSharing.SHARED;
    }

    boolean has(TcpSocket socket) {
        return switch (sharing) {
            case EXCLUSIVE -> true;
            case WITH_RESOLVER -> !EngineResolver.has(socket);
            case SHARED -> addresses.contains(socket.local().getAddress());
        };
    }

    /** Only the container's own process may change its sysctls; elsewhere the namespace must be another than the process's. */
    Sysctls sysctls() {
        return sharing == NamespaceSharing.WITH_RESOLVER ? Sysctls.ofContainer() : Sysctls.of(namespace);
    }

    /** The address to listen on: the wildcard, so that one listener serves all addresses, if the host has its namespace to itself. */
    InetAddress bind() {
        return shared() ? addresses.getFirst() : CellAddresses.ANY;
    }
}
