package io.tcplab.experiments.catalogue;

import io.tcplab.experiments.EvidenceMissing;
import io.tcplab.experiments.Trial;
import io.tcplab.kernel.wire.Segment;
import io.tcplab.kernel.wire.Side;
import io.tcplab.kernel.wire.TcpFlag;
import io.tcplab.kernel.wire.TcpOption;
import java.net.InetSocketAddress;

/** The last segment of a connection, by which a TIME_WAIT judges what comes after it. */
record LastSegment(Segment segment) {

    /** The last one that the client sent, of whichever connection. */
    static LastSegment ofClient(Trial trial) {
        return new LastSegment(OnTheWire.last(Side.CLIENT, trial.segments()));
    }

    /**
     * A SYN from beyond all that the old connection sent, so that only the timestamp can tell against it.
     *
     * @param later how much later its timestamp is, in ms; negative: earlier
     * @throws EvidenceMissing if the connection had no timestamps
     */
    Segment syn(InetSocketAddress from, int later) {
        long recent = segment.timestamps()
                .orElseThrow(() -> new EvidenceMissing("the connection had no timestamps: is tcp_timestamps 0?"))
                .value();
        return Segment.from(from, segment.destination())
                .sequence((segment.sequence() + 100_000) & 0xffff_ffffL)
                .flags(TcpFlag.SYN)
                .options(
                        new TcpOption.MaximumSegmentSize(1_460),
                        new TcpOption.Timestamps((recent + later) & 0xffff_ffffL, 0))
                .build();
    }
}
