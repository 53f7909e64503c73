package io.tcplab.experiments.catalogue;

import io.tcplab.experiments.Trial;
import io.tcplab.kernel.wire.Direction;
import io.tcplab.kernel.wire.Match;
import io.tcplab.kernel.wire.Rule;
import io.tcplab.kernel.wire.Segment;
import io.tcplab.kernel.wire.TcpFlag;
import io.tcplab.kernel.wire.TcpOption;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/** SYNs from hosts that don't exist: nobody answers the SYN-ACK, neither by an ACK nor by a RST. */
final class SynFlood {
    /** All have this one, which no client of a cell is given. */
    static final int PORT = 1_024;

    private static final int MSS = 1_460;

    private SynFlood() {}

    /** What the server answers is lost, as it would be in a network. */
    static void nobodyThere(Trial trial) {
        trial.wire().add(Rule.drop("nobody there", Match.toClient().synAck().toPort(PORT)));
    }

    /** Puts this many SYNs onto the wire, each from another host. */
    static void send(Trial trial, InetSocketAddress to, int count) {
        for (int nth = 0; nth < count; nth++) {
            trial.wire().inject(Direction.CLIENT_TO_SERVER, syn(host(nth), to));
        }
    }

    /** An ACK as the nth host would send it if it guessed a cookie. The server answers in any case: by RST. */
    static void guessCookie(Trial trial, InetSocketAddress to, int nth) throws InterruptedException {
        InetSocketAddress guesser = host(nth);
        Segment ack = Segment.from(guesser, to)
                .sequence(2)
                .acknowledgment(2)
                .flags(TcpFlag.ACK)
                .build();
        trial.wire().inject(Direction.CLIENT_TO_SERVER, ack);
        OnTheWire.require(
                trial.wire(),
                segment -> segment.has(TcpFlag.RST) && segment.destination().equals(guesser),
                "an answer to an ACK that belongs to no connection");
    }

    /** A SYN with the least of options. */
    static Segment syn(InetSocketAddress from, InetSocketAddress to) {
        return Segment.from(from, to)
                .sequence(1)
                .flags(TcpFlag.SYN)
                .options(new TcpOption.MaximumSegmentSize(MSS))
                .build();
    }

    /** In 198.18.0.0/15, which RFC 2544 sets aside: nobody is there, and no peer is proven (tcp_peer_is_proven). */
    static InetSocketAddress host(int nth) {
        byte[] address = {(byte) 198, 18, (byte) (nth >> Byte.SIZE), (byte) nth};
        try {
            return new InetSocketAddress(InetAddress.getByAddress(address), PORT);
        } catch (UnknownHostException e) {
            throw new AssertionError("four bytes are an address", e);
        }
    }
}
