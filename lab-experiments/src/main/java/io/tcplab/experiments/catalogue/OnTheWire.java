package io.tcplab.experiments.catalogue;

import static io.tcplab.kernel.wire.TcpFlag.FIN;
import static io.tcplab.kernel.wire.TcpFlag.RST;
import static java.util.stream.Collectors.collectingAndThen;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;
import static java.util.stream.Collectors.toMap;

import io.tcplab.experiments.EvidenceMissing;
import io.tcplab.experiments.Trial;
import io.tcplab.kernel.wire.Direction;
import io.tcplab.kernel.wire.Match;
import io.tcplab.kernel.wire.RuleHandle;
import io.tcplab.kernel.wire.Segment;
import io.tcplab.kernel.wire.Side;
import io.tcplab.kernel.wire.Wire;
import io.tcplab.kernel.wire.WireSegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/** How the catalogue's experiments read what crossed a wire. */
final class OnTheWire {
    private static final Duration SOON = Duration.ofSeconds(20);

    private OnTheWire() {}

    /**
     * Makes sure that a rule did what the experiment depends on.
     *
     * @throws EvidenceMissing if it has decided less than this many segments
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

    /**
     * Waits until a rule has met the segment without which the experiment shows nothing.
     *
     * @param what the segment is, for the message
     * @throws EvidenceMissing if none comes
     */
    static void awaitMatch(RuleHandle rule, String what) throws InterruptedException {
        if (!rule.awaitMatch(1, SOON)) {
            throw new EvidenceMissing("never came onto the wire: " + what);
        }
    }

    /** Puts a segment onto the wire, as if the client had sent it; returns what the server answers, by {@link Segment#name}. */
    static String answer(Trial trial, Segment segment) throws InterruptedException {
        int before = trial.segments().size();
        RuleHandle answer = trial.count("answer", Match.toClient().toPort(segment.sourcePort()));
        trial.wire().inject(Direction.CLIENT_TO_SERVER, segment);
        answer.awaitMatch(1, SOON);
        answer.remove();
        List<WireSegment> since = trial.segments();
        return sentBy(Side.SERVER, since.subList(before, since.size())).stream()
                .filter(one -> one.destinationPort() == segment.sourcePort())
                .map(Segment::name)
                .findFirst()
                .orElse("nothing");
    }

    /** How many SYN-ACKs the server sent to this port. */
    static long synAcks(List<WireSegment> segments, int port) {
        return sentBy(Side.SERVER, segments).stream()
                .filter(one -> one.isSynAck() && one.destinationPort() == port)
                .count();
    }

    /** The SYNs that one side sent, in order. */
    static List<WireSegment> syns(List<WireSegment> segments, Side side) {
        return segments.stream()
                .filter(one ->
                        one.direction() == side.outward() && one.segment().isSyn())
                .toList();
    }

    /** What one side sent, in order. */
    static List<Segment> sentBy(Side side, List<WireSegment> segments) {
        return segments.stream()
                .filter(segment -> segment.direction() == side.outward())
                .map(WireSegment::segment)
                .toList();
    }

    /**
     * The last segment that a side sent, but for RSTs: with one a client that has closed answers an ACK that comes late, and it
     * has no timestamp.
     *
     * @throws EvidenceMissing if there is none
     */
    static Segment last(Side side, List<WireSegment> segments) {
        return sentBy(side, segments).stream()
                .filter(segment -> !segment.has(RST))
                .reduce((earlier, later) -> later)
                .orElseThrow(() -> new EvidenceMissing("the client's segments never came onto the wire"));
    }

    /** When the first of these segments came again, in seconds from then. */
    static List<Double> again(List<WireSegment> segments, Predicate<Segment> which) {
        return again(segments.stream().filter(one -> which.test(one.segment())).toList());
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

    /**
     * How many of the server's FINs acknowledge the client's, of each connection the first of either: one that comes again
     * acknowledges what has come meanwhile.
     *
     * @throws EvidenceMissing if the client has sent none
     */
    static long finsThatAcknowledge(List<WireSegment> segments) {
        Collection<Segment> fins = firstFins(Side.CLIENT, Segment::sourcePort, segments);
        if (fins.isEmpty()) {
            throw new EvidenceMissing("no FIN of the client's came onto the wire");
        }
        return firstFins(Side.SERVER, Segment::destinationPort, segments).stream()
                .filter(answer -> fins.stream()
                        .anyMatch(fin -> fin.sourcePort() == answer.destinationPort() && answer.acknowledges(fin)))
                .count();
    }

    private static Collection<Segment> firstFins(
            Side side, Function<Segment, Integer> clientPort, List<WireSegment> segments) {
        return sentBy(side, segments).stream()
                .filter(segment -> segment.has(FIN))
                .collect(toMap(clientPort, fin -> fin, (first, again) -> first))
                .values();
    }

    /** How many connections a side tried to open: a SYN that comes again, as its answer was late, has the same number. */
    static long attempts(Side side, List<WireSegment> segments) {
        return sentBy(side, segments).stream()
                .filter(Segment::isSyn)
                .map(Segment::sequence)
                .distinct()
                .count();
    }

    /**
     * How many keepalive probes of a client that never sent data have not been answered. A probe has the number before the
     * next one (tcp_xmit_probe_skb() in net/ipv4/tcp_output.c), here the SYN's; the RST in farewell doesn't ask.
     */
    static long unansweredProbes(List<WireSegment> segments, int clientPort) {
        List<Segment> own = segments.stream()
                .map(WireSegment::segment)
                .filter(segment -> segment.sourcePort() == clientPort || segment.destinationPort() == clientPort)
                .toList();
        long syn = own.getFirst().sequence();
        Predicate<Segment> probe =
                segment -> segment.sourcePort() == clientPort && segment.sequence() == syn && segment.isBareAck();
        long answers = own.stream()
                .dropWhile(probe.negate())
                .filter(segment -> segment.destinationPort() == clientPort)
                .count();
        return own.stream().filter(probe).count() - answers;
    }

    /** The first SYN of each port from which a side connected. */
    static Collection<Segment> firstSyns(Side side, List<WireSegment> segments) {
        return sentBy(side, segments).stream()
                .filter(Segment::isSyn)
                .collect(toMap(Segment::sourcePort, syn -> syn, (first, again) -> first, LinkedHashMap::new))
                .values();
    }

    /** What was said about each port of the client, by {@link Segment#name}: once, however often it was sent. */
    static Collection<String> exchanges(List<WireSegment> segments) {
        return segments.stream()
                .collect(groupingBy(
                        one -> one.direction() == Direction.CLIENT_TO_SERVER
                                ? one.segment().sourcePort()
                                : one.segment().destinationPort(),
                        mapping(one -> one.segment().name(), collectingAndThen(toList(), OnTheWire::once))))
                .values();
    }

    /** The names of these segments, once for each direction: the kernel retransmits what the wire holds for long. */
    static String names(List<WireSegment> segments) {
        record Sent(Direction direction, String name) {}
        return segments.stream()
                .map(one -> new Sent(one.direction(), one.segment().name()))
                .distinct()
                .map(Sent::name)
                .collect(joining(", "));
    }

    private static String once(List<String> names) {
        return names.stream().distinct().collect(joining(", "));
    }

    /**
     * The server's FINs and the client's ACKs of them in turn: a FIN that comes again before the other's kernel had a chance
     * to acknowledge it says nothing but that the wire was slow.
     */
    static List<Segment> finsAndAcks(List<WireSegment> segments) {
        Optional<Segment> fin = fin(Side.SERVER, segments);
        if (fin.isEmpty()) {
            return List.of();
        }
        List<Segment> turns = new ArrayList<>();
        for (WireSegment one : segments) {
            boolean isFin =
                    one.direction() == Side.SERVER.outward() && one.segment().has(FIN);
            boolean isAck =
                    one.direction() == Side.CLIENT.outward() && one.segment().acknowledges(fin.get());
            boolean finIsNext = turns.size() % 2 == 0;
            if (finIsNext ? isFin : isAck) {
                turns.add(one.segment());
            }
        }
        return turns;
    }

    /** Whether it is a FIN from one of these ports to the other. */
    static boolean isFin(Segment segment, int from, int to) {
        return segment.has(FIN) && segment.sourcePort() == from && segment.destinationPort() == to;
    }
}
