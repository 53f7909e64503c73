package io.tcplab.kernel.capture;

import io.tcplab.kernel.Release;
import io.tcplab.kernel.Waits;
import io.tcplab.kernel.ffm.PacketRing;
import io.tcplab.kernel.ffm.Poller;
import io.tcplab.kernel.netns.Interface;
import io.tcplab.kernel.netns.Namespace;
import java.util.concurrent.CompletableFuture;

/** Reads what crosses an interface, both ways, on a thread of its own. */
final class InterfaceReader implements AutoCloseable {
    private static final int TURN = 256;

    private final PacketRing ring;
    private final Poller poller;
    private final CompletableFuture<Boolean> ended = new CompletableFuture<>();
    private volatile boolean stopping;

    private InterfaceReader(PacketRing ring) {
        this.ring = ring;
        this.poller = Poller.of(ring.fd());
    }

    /**
     * Opens the interface; {@link #start} begins to read what has crossed it from now on.
     *
     * @throws io.tcplab.kernel.KernelException EPERM without CAP_NET_RAW; ENODEV if there is no such interface
     */
    static InterfaceReader open(Namespace namespace, String interfaceName) {
        int index = Interface.of(namespace, interfaceName).index();
        PacketRing ring = namespace.call(() -> PacketRing.open(index, true));
        try {
            return new InterfaceReader(ring);
        } catch (RuntimeException e) {
            throw Release.after(e, ring);
        }
    }

    /**
     * Begins to read; what either throws ends the reading, and {@link #stop} throws it again.
     *
     * @param frames is given each frame, on the reader's thread
     * @param afterSome is run whenever there are none left for now
     */
    InterfaceReader start(PacketRing.FrameHandler frames, Runnable afterSome) {
        Thread.ofPlatform().daemon().name("capture").start(() -> readUntilStopped(frames, afterSome));
        return this;
    }

    /**
     * Ends, when all has been read that has crossed the interface before.
     *
     * @return how many more frames there were, for which there was no room meanwhile
     * @throws IllegalStateException if it has ended before
     */
    long stop() {
        if (stopping) {
            throw new IllegalStateException("this reader has ended before");
        }
        stopping = true;
        try (ring;
                poller) {
            poller.stop();
            Waits.joined(ended);
            return ring.dropped();
        }
    }

    /** Ends without having begun; for when the start of something else failed. */
    @Override
    public void close() {
        if (!stopping) {
            stopping = true;
            Release.all(ring, poller);
        }
    }

    private void readUntilStopped(PacketRing.FrameHandler frames, Runnable afterSome) {
        try {
            while (!stopping) {
                poller.await(-1);
                drain(frames, afterSome);
            }
            drain(frames, afterSome);
            ended.complete(true);
        } catch (RuntimeException | Error e) {
            ended.completeExceptionally(e);
        }
    }

    private void drain(PacketRing.FrameHandler frames, Runnable afterSome) {
        int taken;
        do {
            taken = ring.drain(TURN, frames);
        } while (taken == TURN);
        afterSome.run();
    }
}
