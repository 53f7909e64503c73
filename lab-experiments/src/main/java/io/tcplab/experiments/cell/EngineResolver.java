package io.tcplab.experiments.cell;

import io.tcplab.kernel.sockets.Census;
import io.tcplab.kernel.sockets.TcpSocket;
import java.net.InetAddress;

/**
 * The name server that Docker's engine opens inside each container of a user-defined network (libnetwork's resolver.go).
 * It is the engine's, not the host's; a cell resolves no names, so that all there ever is of it is a listener.
 */
public final class EngineResolver {
    private static final InetAddress ADDRESS = CellAddresses.address(127, 0, 0, 11);

    private EngineResolver() {}

    /** Whether a socket is the name server's. */
    public static boolean has(TcpSocket socket) {
        return socket.local().getAddress().equals(ADDRESS);
    }

    /** The census without it. */
    public static Census leftOutOf(Census census) {
        return new Census(
                census.atNanos(),
                census.sockets().stream().filter(socket -> !has(socket)).toList(),
                census.complete());
    }
}
