package io.tcplab.experiments.ladder;

import io.tcplab.experiments.Role;
import io.tcplab.kernel.sockets.TcpState;
import io.tcplab.kernel.wire.WireSegment;
import java.util.OptionalLong;

/** What happened to a connection. Times are those of System.nanoTime. */
public sealed interface LadderEvent {

    /** When it happened, or was seen. */
    long atNanos();

    /**
     * A segment left its sender, or was made by an experiment.
     *
     * @param sequence relative to the side's own initial sequence number, as Wireshark has it
     * @param acknowledgment relative to the other side's; empty without the flag ACK
     */
    record Sent(WireSegment segment, long sequence, OptionalLong acknowledgment) implements LadderEvent {
        @Override
        public long atNanos() {
            return segment.atNanos();
        }
    }

    /** A segment that the wire had kept for a while reached its receiver. */
    record Arrived(Sent sent) implements LadderEvent {
        @Override
        public long atNanos() {
            return sent.segment().leftAtNanos().orElseThrow();
        }
    }

    /**
     * The host's end of the connection was in another state from then on.
     *
     * @param seen whether it was only found so by sock_diag, and may have been so a little earlier; otherwise the kernel
     *     told the moment
     */
    record Entered(long atNanos, Role host, TcpState state, boolean seen) implements LadderEvent {}

    /**
     * A counter of the host was found further on; all its connections count.
     *
     * @param name as nstat(8) prints it
     */
    record Counted(long atNanos, Role host, String name, long by) implements LadderEvent {}
}
