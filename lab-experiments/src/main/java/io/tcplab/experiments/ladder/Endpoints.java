package io.tcplab.experiments.ladder;

import io.tcplab.experiments.Role;
import io.tcplab.kernel.sockets.SocketQuery;
import io.tcplab.kernel.sockets.TcpSocket;
import io.tcplab.kernel.transitions.Transition;
import io.tcplab.kernel.wire.Direction;
import io.tcplab.kernel.wire.Segment;
import io.tcplab.kernel.wire.WireSegment;
import java.net.InetSocketAddress;

/** The two ends of a connection, whichever of them opened it. */
public record Endpoints(InetSocketAddress client, InetSocketAddress server) {

    /** Those that a segment travels between. */
    static Endpoints of(WireSegment segment) {
        InetSocketAddress from = segment.segment().source();
        InetSocketAddress to = segment.segment().destination();
        return segment.direction() == Direction.CLIENT_TO_SERVER ? new Endpoints(from, to) : new Endpoints(to, from);
    }

    /** Whether a segment travels between them. Asked of each segment of a storm, so the ports are asked first. */
    boolean has(WireSegment segment) {
        Segment one = segment.segment();
        boolean outward = segment.direction() == Direction.CLIENT_TO_SERVER;
        return client.getPort() == (outward ? one.sourcePort() : one.destinationPort())
                && server.getPort() == (outward ? one.destinationPort() : one.sourcePort())
                && equals(of(segment));
    }

    /** The end on this host. */
    InetSocketAddress end(Role host) {
        return switch (host) {
            case CLIENT -> client;
            case SERVER -> server;
        };
    }

    /** Whether a socket of this host is the connection's. */
    boolean has(Role host, TcpSocket socket) {
        return socket.local().equals(end(host)) && socket.peer().equals(end(other(host)));
    }

    /** Whether a change of state is that of the connection's socket on this host. */
    boolean has(Role host, Transition transition) {
        return transition.local().equals(end(host)) && transition.peer().equals(end(other(host)));
    }

    /** A query for the connection's socket on this host, and few others. */
    SocketQuery query(Role host) {
        return SocketQuery.all()
                .withLocalPort(end(host).getPort())
                .withPeerPort(end(other(host)).getPort());
    }

    private static Role other(Role host) {
        return host == Role.CLIENT ? Role.SERVER : Role.CLIENT;
    }
}
