package io.tcplab.kernel.wire;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;

/** The record of all segments, up to a size. Guarded by the wire's lock. */
final class Tape {
    /** What a segment takes beside its frame: objects and references, roughly. */
    private static final int OVERHEAD_BYTES = 200;

    private final long limitBytes;
    private final List<Entry> entries = new ArrayList<>();
    private long bytes;
    private long unrecorded;

    Tape(long limitBytes) {
        this.limitBytes = limitBytes;
    }

    /** A segment whose fate is still open. */
    static final class Entry {
        private final long atNanos;
        private final Direction direction;
        private final Segment segment;
        private Verdict verdict = Verdict.PASSED;
        private OptionalLong leftAtNanos = OptionalLong.empty();

        private Entry(long atNanos, Direction direction, Segment segment) {
            this.atNanos = atNanos;
            this.direction = direction;
            this.segment = segment;
        }

        long atNanos() {
            return atNanos;
        }

        Direction direction() {
            return direction;
        }

        Segment segment() {
            return segment;
        }

        void verdict(Verdict said) {
            verdict = said;
        }

        void left(long whenNanos) {
            leftAtNanos = OptionalLong.of(whenNanos);
        }

        WireSegment snapshot() {
            return new WireSegment(atNanos, direction, segment, verdict, leftAtNanos);
        }
    }

    /** An entry for a segment; kept if there is room. */
    Entry add(long atNanos, Direction direction, Segment segment) {
        Entry entry = new Entry(atNanos, direction, segment);
        long needed = (long) segment.bytes().length + OVERHEAD_BYTES;
        if (bytes + needed > limitBytes) {
            unrecorded++;
        } else {
            bytes += needed;
            entries.add(entry);
        }
        return entry;
    }

    int size() {
        return entries.size();
    }

    WireSegment get(int index) {
        return entries.get(index).snapshot();
    }

    /**
     * All, by the time at which they came; the two sides are read in turns, so that the order of reading is not that.
     */
    List<WireSegment> snapshot() {
        return entries.stream()
                .map(Entry::snapshot)
                .sorted(Comparator.comparingLong(WireSegment::atNanos))
                .toList();
    }

    long unrecorded() {
        return unrecorded;
    }
}
