package io.tcplab.experiments.catalogue;

import io.tcplab.experiments.Trial;
import io.tcplab.kernel.wire.Direction;
import io.tcplab.kernel.wire.Segment;
import io.tcplab.kernel.wire.TcpFlag;
import io.tcplab.kernel.wire.TcpOption;
import java.net.InetSocketAddress;

/** SYNs from hosts that don't exist: nobody answers the SYN-ACK, neither by an ACK nor by a RST. */
final class SynFlood {
    /** TEST-NET-2 of RFC 5737: nobody has it, and to the kernel no peer there is proven (tcp_peer_is_proven). */
    private static final String NOWHERE = "198.51.100.7";

    private static final int FIRST_PORT = 1_024;
    private static final int MSS = 1_460;

    private SynFlood() {}

    /** Puts so many SYNs onto the wire, each from another port. */
    static void send(Trial trial, InetSocketAddress to, int count) {
        for (int nth = 0; nth < count; nth++) {
            trial.wire().inject(Direction.CLIENT_TO_SERVER, syn(new InetSocketAddress(NOWHERE, FIRST_PORT + nth), to));
        }
    }

    /** A SYN as a kernel would send it, with the least of options. */
    static Segment syn(InetSocketAddress from, InetSocketAddress to) {
        return Segment.from(from, to)
                .sequence(1)
                .flags(TcpFlag.SYN)
                .options(new TcpOption.MaximumSegmentSize(MSS))
                .build();
    }
}
