package io.tcplab.kernel.capture;

import io.tcplab.kernel.netns.Namespace;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;

/**
 * Writes what crosses an interface, both ways, to a file, as {@code tcpdump -w} does. With offloads on, as a veth has
 * them, that is what the kernel hands to the interface: "segments" longer than the MTU, their checksums not yet filled
 * in.
 */
public final class Capture implements AutoCloseable {
    /** What a ring's slot has room for, about. */
    private static final int LONGEST_CAPTURED = 2048;

    private final InterfaceReader reader;
    private final PcapngWriter writer;
    private boolean stopped;
    private long frames;

    /**
     * What a capture has.
     *
     * @param frames in the file
     * @param dropped how many more there were, for which there was no room meanwhile
     */
    public record Summary(long frames, long dropped) {}

    private Capture(InterfaceReader reader, PcapngWriter writer) {
        this.reader = reader;
        this.writer = writer;
    }

    /**
     * Begins.
     *
     * @param file is created, or emptied
     * @throws CaptureException if the file can't be written
     * @throws io.tcplab.kernel.KernelException EPERM without CAP_NET_RAW; ENODEV if there is no such interface
     */
    public static Capture start(Namespace namespace, String interfaceName, Path file) {
        InterfaceReader reader = InterfaceReader.open(namespace, interfaceName);
        try {
            PcapngWriter writer = PcapngWriter.open(file, List.of(interfaceName), LONGEST_CAPTURED);
            Capture capture = new Capture(reader, writer);
            reader.start(capture::write, writer::flush);
            return capture;
        } catch (RuntimeException e) {
            reader.close();
            throw e;
        }
    }

    /**
     * Ends, with all in the file that has crossed the interface before.
     *
     * @throws CaptureException if the file could not be written
     * @throws IllegalStateException if it has ended before
     */
    public Summary stop() {
        if (stopped) {
            throw new IllegalStateException("this capture has ended before");
        }
        stopped = true;
        try (writer) {
            long dropped = reader.stop();
            return new Summary(frames, dropped);
        }
    }

    /** As {@link #stop}; may be called again. */
    @Override
    public void close() {
        if (!stopped) {
            stop();
        }
    }

    private void write(long epochNanos, ByteBuffer frame, int length, boolean outgoing) {
        frames++;
        PcapngWriter.Way way = outgoing ? PcapngWriter.Way.OUTBOUND : PcapngWriter.Way.INBOUND;
        writer.write(0, epochNanos, frame, length, way, "");
    }
}
