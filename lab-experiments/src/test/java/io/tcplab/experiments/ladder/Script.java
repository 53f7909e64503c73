package io.tcplab.experiments.ladder;

import io.tcplab.experiments.Role;
import io.tcplab.kernel.sockets.TcpState;
import io.tcplab.kernel.transitions.Transition;
import io.tcplab.kernel.wire.Direction;
import io.tcplab.kernel.wire.Segment;
import io.tcplab.kernel.wire.TcpFlag;
import io.tcplab.kernel.wire.WireSegment;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Optional;

/** Evidence of a connection from 10.0.0.1:40000 to 10.0.0.101:80, made by hand. Times are in microseconds. */
final class Script {
    static final InetSocketAddress CLIENT = new InetSocketAddress("10.0.0.1", 40_000);
    static final InetSocketAddress SERVER = new InetSocketAddress("10.0.0.101", 80);

    private Script() {}

    static WireSegment fromClient(long at, long sequence, long acknowledgment, TcpFlag... flags) {
        return between(at, Direction.CLIENT_TO_SERVER, CLIENT, SERVER, sequence, acknowledgment, flags);
    }

    static WireSegment fromServer(long at, long sequence, long acknowledgment, TcpFlag... flags) {
        return between(at, Direction.SERVER_TO_CLIENT, SERVER, CLIENT, sequence, acknowledgment, flags);
    }

    static WireSegment between(
            long at,
            Direction direction,
            InetSocketAddress from,
            InetSocketAddress to,
            long sequence,
            long acknowledgment,
            TcpFlag... flags) {
        Segment segment = Segment.from(from, to)
                .sequence(sequence)
                .acknowledgment(acknowledgment)
                .flags(flags)
                .build();
        return WireSegment.passed(at * 1_000, direction, segment);
    }

    static Transition ofClient(long at, TcpState from, TcpState to) {
        return new Transition(at * 1_000, 1, from, to, CLIENT, SERVER);
    }

    static Transition ofServer(long at, TcpState from, TcpState to) {
        return new Transition(at * 1_000, 2, from, to, SERVER, CLIENT);
    }

    static Look look(long at, Role host, TcpState state) {
        return new Look(at * 1_000, host, Optional.of(state), Map.of());
    }

    static Look nothing(long at, Role host) {
        return new Look(at * 1_000, host, Optional.empty(), Map.of());
    }
}
