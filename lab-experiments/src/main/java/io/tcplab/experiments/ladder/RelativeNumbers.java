package io.tcplab.experiments.ladder;

import io.tcplab.kernel.wire.Segment;
import io.tcplab.kernel.wire.Side;
import io.tcplab.kernel.wire.TcpFlag;
import io.tcplab.kernel.wire.WireSegment;
import java.util.EnumMap;
import java.util.Map;
import java.util.OptionalLong;

/** Counts sequence numbers from each side's initial one; a SYN with another one begins anew. Numbers wrap at 32 bits. */
final class RelativeNumbers {
    private static final long MASK = 0xffff_ffffL;

    private final Map<Side, Long> initial = new EnumMap<>(Side.class);

    /** The next segment in order of time, with relative numbers. */
    LadderEvent.Sent of(WireSegment crossed) {
        Segment segment = crossed.segment();
        Side from = crossed.direction().from();
        if (segment.has(TcpFlag.SYN) || !initial.containsKey(from)) {
            initial.put(from, segment.sequence());
        }
        return new LadderEvent.Sent(
                crossed,
                relative(from, segment.sequence()),
                acknowledgment(segment, crossed.direction().to()));
    }

    private OptionalLong acknowledgment(Segment segment, Side other) {
        return segment.has(TcpFlag.ACK)
                ? OptionalLong.of(relative(other, segment.acknowledgment()))
                : OptionalLong.empty();
    }

    private long relative(Side side, long number) {
        return (number - initial.getOrDefault(side, 0L)) & MASK;
    }
}
