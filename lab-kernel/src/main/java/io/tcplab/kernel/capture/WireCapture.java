package io.tcplab.kernel.capture;

import io.tcplab.kernel.KernelClock;
import io.tcplab.kernel.wire.Side;
import io.tcplab.kernel.wire.WireSegment;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Writes a wire's record to a file: each segment once, at the interface of the side that it came from, with a comment
 * if it did not just pass.
 */
public final class WireCapture implements AutoCloseable {
    /** Frames of an interface with an MTU of 1500 are shorter. */
    private static final int LONGEST_CAPTURED = 2048;

    /** Where a disk is full, the file ends with the last of these groups. */
    private static final int FLUSH_EVERY = 64;

    private final PcapngWriter writer;

    private WireCapture(PcapngWriter writer) {
        this.writer = writer;
    }

    /**
     * Creates the file, or empties it; best before the run, so that a folder that can't be written is known then.
     *
     * @throws CaptureException if the file can't be written
     */
    public static WireCapture open(Path file) {
        List<String> sides = Stream.of(Side.values()).map(Side::toString).toList();
        return new WireCapture(PcapngWriter.open(file, sides, LONGEST_CAPTURED));
    }

    /**
     * Writes segments.
     *
     * @throws CaptureException if the file can't be written, for example since the disk is full
     */
    public void write(List<WireSegment> segments) {
        long toEpoch = KernelClock.epoch(0);
        for (int i = 0; i < segments.size(); i++) {
            WireSegment segment = segments.get(i);
            ByteBuffer frame = segment.segment().frame();
            int side = List.of(Side.values()).indexOf(segment.direction().from());
            writer.write(
                    side,
                    segment.atNanos() + toEpoch,
                    frame,
                    frame.remaining(),
                    PcapngWriter.Way.INBOUND,
                    segment.comment());
            if (i % FLUSH_EVERY == FLUSH_EVERY - 1) {
                writer.flush();
            }
        }
        writer.flush();
    }

    @Override
    public void close() {
        writer.close();
    }
}
