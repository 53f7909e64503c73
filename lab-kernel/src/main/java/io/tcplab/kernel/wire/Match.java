package io.tcplab.kernel.wire;

import java.util.EnumSet;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which segments a rule means. Begin with {@link #toServer}, {@link #toClient} or {@link #anyDirection} and narrow it.
 *
 * @param direction empty for both
 * @param set control bits that a segment must have
 * @param unset control bits that it must not have
 * @param payload its length in bytes
 * @param sourcePort empty for any
 * @param destinationPort empty for any
 * @param occurrences which of the segments that are all this, counted from 1, both directions together
 */
public record Match(
        Optional<Direction> direction,
        Set<TcpFlag> set,
        Set<TcpFlag> unset,
        Range payload,
        OptionalInt sourcePort,
        OptionalInt destinationPort,
        Range occurrences) {

    /** Copies the sets, so that a match never changes. */
    public Match {
        set = Set.copyOf(set);
        unset = Set.copyOf(unset);
    }

    /** Every segment. */
    public static Match anyDirection() {
        return of(Optional.empty());
    }

    /** Every segment that the client sends. */
    public static Match toServer() {
        return of(Optional.of(Direction.CLIENT_TO_SERVER));
    }

    /** Every segment that the server sends. */
    public static Match toClient() {
        return of(Optional.of(Direction.SERVER_TO_CLIENT));
    }

    private static Match of(Optional<Direction> direction) {
        return new Match(
                direction, Set.of(), Set.of(), Range.from(0), OptionalInt.empty(), OptionalInt.empty(), Range.from(1));
    }

    /** Only those with all of these control bits, whatever else they have. */
    public Match with(TcpFlag... flags) {
        return new Match(direction, Set.of(flags), unset, payload, sourcePort, destinationPort, occurrences);
    }

    /** Only those with none of these control bits. */
    public Match without(TcpFlag... flags) {
        return new Match(direction, set, Set.of(flags), payload, sourcePort, destinationPort, occurrences);
    }

    /** Only the first segments of connections: SYN without ACK. */
    public Match syn() {
        return with(TcpFlag.SYN).without(TcpFlag.ACK, TcpFlag.RST);
    }

    /** Only the answers to those: SYN with ACK. */
    public Match synAck() {
        return with(TcpFlag.SYN, TcpFlag.ACK);
    }

    /** Only those that acknowledge and do nothing else. */
    public Match bareAck() {
        return with(TcpFlag.ACK).without(TcpFlag.SYN, TcpFlag.FIN, TcpFlag.RST).withoutData();
    }

    /** Only those with a payload. */
    public Match withData() {
        return payload(1, Integer.MAX_VALUE);
    }

    /** Only those without a payload. */
    public Match withoutData() {
        return payload(0, 0);
    }

    /** Only those whose payload has this many bytes. */
    public Match payload(int atLeast, int atMost) {
        return new Match(direction, set, unset, new Range(atLeast, atMost), sourcePort, destinationPort, occurrences);
    }

    /** Only those from this port. */
    public Match fromPort(int port) {
        return new Match(direction, set, unset, payload, OptionalInt.of(port), destinationPort, occurrences);
    }

    /** Only those to this port. */
    public Match toPort(int port) {
        return new Match(direction, set, unset, payload, sourcePort, OptionalInt.of(port), occurrences);
    }

    /** Only the nth one, from 1. */
    public Match nth(int n) {
        return occurrences(new Range(n, n));
    }

    /** Only the first ones. */
    public Match first(int count) {
        return occurrences(new Range(1, count));
    }

    /** All but those before the nth. */
    public Match fromNth(int n) {
        return occurrences(Range.from(n));
    }

    private Match occurrences(Range wanted) {
        return new Match(direction, set, unset, payload, sourcePort, destinationPort, wanted);
    }

    /** Whether a segment is one of those that are counted. */
    boolean covers(Direction way, Segment segment) {
        int flags = segment.flagBits();
        int wanted = TcpFlag.bits(set);
        return (direction.isEmpty() || direction.get() == way)
                && (flags & wanted) == wanted
                && (flags & TcpFlag.bits(unset)) == 0
                && payload.contains(segment.payloadLength())
                && (sourcePort.isEmpty() || sourcePort.getAsInt() == segment.sourcePort())
                && (destinationPort.isEmpty() || destinationPort.getAsInt() == segment.destinationPort());
    }

    @Override
    public String toString() {
        StringBuilder text =
                new StringBuilder(occurrences.equals(Range.from(1)) ? "segments" : "segment " + occurrences);
        direction.ifPresent(way -> text.append(", ").append(way));
        if (!set.isEmpty()) {
            text.append(", with ").append(names(set));
        }
        if (!unset.isEmpty()) {
            text.append(", without ").append(names(unset));
        }
        if (!payload.equals(Range.from(0))) {
            text.append(", payload ").append(payload).append(" bytes");
        }
        sourcePort.ifPresent(port -> text.append(", from port ").append(port));
        destinationPort.ifPresent(port -> text.append(", to port ").append(port));
        return text.toString();
    }

    private static String names(Set<TcpFlag> flags) {
        return EnumSet.copyOf(flags).stream().map(TcpFlag::name).collect(Collectors.joining("+"));
    }
}
