package io.tcplab.kernel.capture;

import io.tcplab.kernel.ffm.PacketRing;
import io.tcplab.kernel.ffm.Poller;
import io.tcplab.kernel.netns.Interface;
import io.tcplab.kernel.netns.Namespace;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * Writes what crosses an interface, both ways, to a file, as {@code tcpdump -w} does. With offloads on, as a veth has
 * them, that is what the kernel hands to the interface: "segments" longer than the MTU, their checksums not yet filled
 * in.
 */
public final class Capture implements AutoCloseable {
    private static final int TURN = 256;

    /** What a ring's slot has room for, about. */
    private static final int LONGEST_CAPTURED = 2048;

    private final PacketRing ring;
    private final PcapngWriter writer;
    private final Poller poller;
    private final CompletableFuture<Boolean> ended = new CompletableFuture<>();
    private volatile boolean stopping;
    private long frames;

    /**
     * What a capture has.
     *
     * @param frames in the file
     * @param dropped how many more there were, for which there was no room meanwhile
     */
    public record Summary(long frames, long dropped) {}

    private Capture(PacketRing ring, PcapngWriter writer) {
        this.ring = ring;
        this.writer = writer;
        this.poller = Poller.of(ring.fd());
    }

    /**
     * Begins.
     *
     * @param file is created, or emptied
     * @throws CaptureException if the file can't be written
     * @throws io.tcplab.kernel.KernelException EPERM without CAP_NET_RAW; ENODEV if there is no such interface
     */
    public static Capture start(Namespace namespace, String interfaceName, Path file) {
        int index = Interface.of(namespace, interfaceName).index();
        PacketRing ring = namespace.call(() -> PacketRing.open(index, true));
        try {
            PcapngWriter writer = PcapngWriter.open(file, List.of(interfaceName), LONGEST_CAPTURED);
            Capture capture = new Capture(ring, writer);
            Thread.ofPlatform().daemon().name("capture").start(capture::readUntilStopped);
            return capture;
        } catch (RuntimeException e) {
            ring.close();
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
        if (stopping) {
            throw new IllegalStateException("this capture has ended before");
        }
        stopping = true;
        try (ring;
                poller;
                writer) {
            poller.stop();
            ended.join();
            return new Summary(frames, ring.dropped());
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException failure ? failure : e;
        }
    }

    /** As {@link #stop}; may be called again. */
    @Override
    public void close() {
        if (!stopping) {
            stop();
        }
    }

    private void readUntilStopped() {
        try {
            while (!stopping) {
                poller.await(-1);
                drain();
            }
            drain();
            ended.complete(true);
        } catch (RuntimeException | Error e) {
            ended.completeExceptionally(e);
        }
    }

    private void drain() {
        int taken;
        do {
            taken = ring.drain(TURN, this::write);
        } while (taken == TURN);
        writer.flush();
    }

    private void write(long epochNanos, ByteBuffer frame, int length, boolean outgoing) {
        frames++;
        PcapngWriter.Way way = outgoing ? PcapngWriter.Way.OUTBOUND : PcapngWriter.Way.INBOUND;
        writer.write(0, epochNanos, frame, length, way, "");
    }
}
