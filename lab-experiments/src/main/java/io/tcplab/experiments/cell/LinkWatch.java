package io.tcplab.experiments.cell;

import io.tcplab.experiments.EvidenceMissing;
import io.tcplab.kernel.capture.SegmentTap;
import io.tcplab.kernel.wire.Wire;
import io.tcplab.kernel.wire.WireSegment;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;

/** A look at some of the segments that cross a cell's link, while they do. */
public sealed interface LinkWatch extends AutoCloseable {

    /**
     * Waits until more than this many have crossed, or the time is up; returns how many have then.
     */
    int awaitMoreThan(int count, Duration limit) throws InterruptedException;

    /** Those that have crossed so far, in order of time. */
    List<WireSegment> segments();

    /**
     * Ends it, once, before its cell is closed.
     *
     * @return all that crossed
     * @throws EvidenceMissing if some went by unseen
     */
    List<WireSegment> finish();

    @Override
    void close();

    /** Of a plain link. */
    record OfInterface(SegmentTap tap) implements LinkWatch {
        @Override
        public int awaitMoreThan(int count, Duration limit) throws InterruptedException {
            return tap.awaitMoreThan(count, limit);
        }

        @Override
        public List<WireSegment> segments() {
            return tap.segments();
        }

        @Override
        public List<WireSegment> finish() {
            long unseen = tap.stop();
            if (unseen > 0) {
                throw new EvidenceMissing(
                        "%,d frames crossed the link faster than they could be read".formatted(unseen));
            }
            return tap.segments();
        }

        @Override
        public void close() {
            tap.close();
        }
    }

    /** Of a wire, which remembers everything. */
    record OfWire(Wire wire, Predicate<WireSegment> wanted, Wire.Tally tally) implements LinkWatch {
        OfWire(Wire wire, Predicate<WireSegment> wanted) {
            this(wire, wanted, wire.tally(wanted));
        }

        @Override
        public int awaitMoreThan(int count, Duration limit) throws InterruptedException {
            return tally.awaitMoreThan(count, limit);
        }

        @Override
        public List<WireSegment> segments() {
            return wire.segments().stream().filter(wanted).toList();
        }

        @Override
        public List<WireSegment> finish() {
            if (wire.losses().total() > 0) {
                throw new EvidenceMissing("the wire couldn't keep up: " + wire.losses());
            }
            return segments();
        }

        @Override
        public void close() {
            // The wire is the cell's.
        }
    }
}
