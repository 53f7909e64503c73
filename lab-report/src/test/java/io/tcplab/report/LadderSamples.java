package io.tcplab.report;

import io.tcplab.experiments.Role;
import io.tcplab.experiments.ladder.Endpoints;
import io.tcplab.experiments.ladder.Ladder;
import io.tcplab.experiments.ladder.LadderEvent;
import io.tcplab.kernel.sockets.TcpState;
import io.tcplab.kernel.wire.Direction;
import io.tcplab.kernel.wire.Segment;
import io.tcplab.kernel.wire.TcpFlag;
import io.tcplab.kernel.wire.Verdict;
import io.tcplab.kernel.wire.WireSegment;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** A connection on which everything happens that a ladder can show. Times are in microseconds. */
final class LadderSamples {
    private static final InetSocketAddress CLIENT = new InetSocketAddress("10.0.0.1", 40_000);
    private static final InetSocketAddress SERVER = new InetSocketAddress("10.0.0.101", 80);

    private LadderSamples() {}

    static Ladder eventful() {
        List<LadderEvent> events = new ArrayList<>();
        events.add(entered(0, Role.CLIENT, TcpState.SYN_SENT, false));
        events.add(sent(40, Direction.CLIENT_TO_SERVER, 0, Optional.empty(), 0, TcpFlag.SYN));
        events.add(sent(60, Direction.SERVER_TO_CLIENT, 0, Optional.of(1L), 0, TcpFlag.SYN, TcpFlag.ACK));
        events.add(entered(75, Role.SERVER, TcpState.SYN_RECV, true));
        events.add(entered(80, Role.CLIENT, TcpState.ESTABLISHED, false));
        events.add(with(
                sent(90, Direction.CLIENT_TO_SERVER, 1, Optional.of(1L), 0, TcpFlag.ACK),
                new Verdict(Verdict.Kind.DROPPED, "ACK lost"),
                OptionalLong.empty()));
        events.add(new LadderEvent.Counted(1_000_100_000L, Role.SERVER, "TcpExtTCPTimeouts", 1));
        events.add(new LadderEvent.Counted(1_000_100_000L, Role.SERVER, "TcpRetransSegs", 1_200));
        LadderEvent.Sent held = with(
                sent(1_000_200, Direction.SERVER_TO_CLIENT, 1, Optional.of(1L), 0, TcpFlag.FIN, TcpFlag.ACK),
                new Verdict(Verdict.Kind.HELD, "FIN held"),
                OptionalLong.of(1_000_900_000L));
        events.add(held);
        events.add(new LadderEvent.Arrived(held));
        for (int i = 0; i < 12; i++) {
            events.add(sent(
                    1_001_000 + i * 100_000L,
                    Direction.CLIENT_TO_SERVER,
                    1 + i * 10,
                    Optional.of(2L),
                    10,
                    TcpFlag.ACK));
        }
        events.add(entered(3_000_000, Role.SERVER, TcpState.CLOSE, true));
        return new Ladder(Optional.of(new Endpoints(CLIENT, SERVER)), events, List.of("a note"));
    }

    static Ladder none() {
        return new Ladder(Optional.empty(), List.of(), List.of());
    }

    private static LadderEvent.Entered entered(long micros, Role host, TcpState state, boolean seen) {
        return new LadderEvent.Entered(micros * 1_000, host, state, seen);
    }

    private static LadderEvent.Sent sent(
            long micros, Direction direction, long sequence, Optional<Long> ack, int bytes, TcpFlag... flags) {
        boolean outward = direction == Direction.CLIENT_TO_SERVER;
        Segment segment = Segment.from(outward ? CLIENT : SERVER, outward ? SERVER : CLIENT)
                .flags(flags)
                .payload(new byte[bytes])
                .build();
        return new LadderEvent.Sent(
                WireSegment.passed(micros * 1_000, direction, segment),
                sequence,
                ack.map(OptionalLong::of).orElse(OptionalLong.empty()));
    }

    private static LadderEvent.Sent with(LadderEvent.Sent sent, Verdict verdict, OptionalLong left) {
        WireSegment was = sent.segment();
        WireSegment segment = new WireSegment(was.atNanos(), was.direction(), was.segment(), verdict, left);
        return new LadderEvent.Sent(segment, sent.sequence(), sent.acknowledgment());
    }
}
