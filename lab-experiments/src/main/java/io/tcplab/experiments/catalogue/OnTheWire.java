package io.tcplab.experiments.catalogue;

import static io.tcplab.kernel.wire.TcpFlag.ACK;
import static io.tcplab.kernel.wire.TcpFlag.FIN;
import static io.tcplab.kernel.wire.TcpFlag.RST;
import static io.tcplab.kernel.wire.TcpFlag.SYN;

import io.tcplab.experiments.EvidenceMissing;
import io.tcplab.kernel.wire.RuleHandle;
import io.tcplab.kernel.wire.Segment;
import io.tcplab.kernel.wire.Side;
import io.tcplab.kernel.wire.Wire;
import io.tcplab.kernel.wire.WireSegment;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** How the catalogue's experiments read what crossed a wire. */
final class OnTheWire {
    private static final Duration SOON = Duration.ofSeconds(20);

    private OnTheWire() {}

    /**
     * Makes sure that a rule did what the experiment rests on.
     *
     * @throws EvidenceMissing if it has decided less than so many segments
     */
    static void requireMatched(RuleHandle rule, long count) {
        if (rule.matched() < count) {
            throw new EvidenceMissing("the wire met too few segments for its rule: " + rule);
        }
    }

    /**
     * Waits for a segment without which the experiment shows nothing.
     *
     * @param what the segment is, for the message
     * @throws EvidenceMissing if none comes
     */
    static WireSegment require(Wire wire, Predicate<Segment> wanted, String what) throws InterruptedException {
        return wire.await(segment -> wanted.test(segment.segment()), SOON)
                .orElseThrow(() -> new EvidenceMissing("never came onto the wire: " + what));
    }

    /** What one side sent, in order. */
    static List<Segment> sentBy(Side side, List<WireSegment> segments) {
        return segments.stream()
                .filter(segment -> segment.direction() == side.outward())
                .map(WireSegment::segment)
                .toList();
    }

    /** When what was sent first came again, in seconds from then. */
    static List<Double> again(List<WireSegment> sent) {
        return sent.stream()
                .skip(1)
                .map(one -> (one.atNanos() - sent.getFirst().atNanos()) / 1e9)
                .toList();
    }

    /** The first FIN that a side sent. */
    static Optional<Segment> fin(Side side, List<WireSegment> segments) {
        return sentBy(side, segments).stream()
                .filter(segment -> segment.has(FIN))
                .findFirst();
    }

    /** Whether a segment acknowledges this FIN. */
    static boolean acknowledges(Segment segment, Segment fin) {
        long afterFin = (fin.sequence() + fin.payloadLength() + 1) & 0xffff_ffffL;
        return segment.has(ACK) && segment.acknowledgment() == afterFin;
    }

    /** How many connections a side tried to open: a SYN that comes again, as its answer was late, has the same number. */
    static long attempts(Side side, List<WireSegment> segments) {
        return sentBy(side, segments).stream()
                .filter(OnTheWire::isSyn)
                .map(Segment::sequence)
                .distinct()
                .count();
    }

    static boolean isSyn(Segment segment) {
        return segment.has(SYN) && !segment.has(ACK);
    }

    static boolean isSynAck(Segment segment) {
        return segment.has(SYN) && segment.has(ACK);
    }

    /** Whether it acknowledges and does nothing else. */
    static boolean isBareAck(Segment segment) {
        return segment.has(ACK)
                && !segment.has(SYN)
                && !segment.has(FIN)
                && !segment.has(RST)
                && segment.payloadLength() == 0;
    }

    /** {@code SYN}, {@code SYN-ACK}, {@code ACK}, {@code FIN-ACK}, {@code RST-ACK}, … */
    static String name(Segment segment) {
        String first = segment.has(SYN) ? "SYN" : segment.has(FIN) ? "FIN" : segment.has(RST) ? "RST" : "";
        String ack = segment.has(ACK) ? "ACK" : "";
        return first.isEmpty() || ack.isEmpty() ? first + ack : first + "-" + ack;
    }
}
