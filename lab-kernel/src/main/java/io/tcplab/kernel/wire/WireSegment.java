package io.tcplab.kernel.wire;

import java.util.Locale;
import java.util.OptionalLong;

/**
 * A segment that came onto the wire, and what became of it.
 *
 * @param atNanos when its sender's kernel put it there, or the wire itself did (CLOCK_MONOTONIC, as System.nanoTime and
 *     the times of transitions)
 * @param leftAtNanos when the wire gave it to the receiver's kernel, on the same clock; empty if it has not
 */
public record WireSegment(
        long atNanos, Direction direction, Segment segment, Verdict verdict, OptionalLong leftAtNanos) {

    /** One that crossed a link that does nothing to segments and takes no time. */
    public static WireSegment passed(long atNanos, Direction direction, Segment segment) {
        return new WireSegment(atNanos, direction, segment, Verdict.PASSED, OptionalLong.of(atNanos));
    }

    /** Whether the receiver's kernel got it. */
    public boolean delivered() {
        return leftAtNanos.isPresent();
    }

    /** Whether the wire didn't forward it at once, by a rule; perhaps it has not yet, and perhaps it never will. */
    public boolean keptForAWhile() {
        return switch (verdict.kind()) {
            case DELAYED, HELD, REORDERED -> true;
            case PASSED, DROPPED, DUPLICATED, REPLAYED, COPIED, INJECTED, SILENCED -> false;
        };
    }

    /** Whether the receiver's kernel got it, but not at once. */
    public boolean arrivedLate() {
        return keptForAWhile() && delivered();
    }

    /** What a capture should say beside the segment; empty if it just passed. */
    public String comment() {
        return switch (verdict.kind()) {
            case PASSED -> "";
            case DELAYED, HELD, REORDERED ->
                verdict
                        + (leftAtNanos.isPresent()
                                ? String.format(
                                        Locale.ROOT,
                                        ", forwarded after %.6f s",
                                        (leftAtNanos.getAsLong() - atNanos) / 1e9)
                                : ", not forwarded");
            case DROPPED, DUPLICATED, REPLAYED, COPIED, INJECTED, SILENCED -> verdict.toString();
        };
    }

    @Override
    public String toString() {
        return direction + ": " + segment + (comment().isEmpty() ? "" : " (" + comment() + ")");
    }
}
