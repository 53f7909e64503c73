package io.tcplab.kernel.wire;

import io.tcplab.kernel.Errno;
import io.tcplab.kernel.KernelException;
import io.tcplab.kernel.Release;
import io.tcplab.kernel.ffm.PacketRing;
import io.tcplab.kernel.ffm.Poller;
import io.tcplab.kernel.ffm.SysResult;
import io.tcplab.kernel.netns.HardwareAddress;
import io.tcplab.kernel.netns.Interface;
import io.tcplab.kernel.netns.Namespace;
import io.tcplab.kernel.netns.VethLink;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The wire's interfaces, and the thread that reads them: frames come in and go out here. */
final class WireEnds implements AutoCloseable {
    /** How many frames of one side are taken before it is the other one's turn. */
    private static final int TURN = 64;

    private final ReentrantLock lock;
    private final Namespace namespace;
    private final End client;
    private final End server;
    private final Poller poller;
    private final CompletableFuture<Boolean> ended = new CompletableFuture<>();
    private volatile boolean stopping;
    private boolean closed;
    private long overrun;
    private long oversized;
    private Optional<Errno> refusal = Optional.empty();

    /** Takes frames under the wire's lock. */
    @FunctionalInterface
    interface Inlet {
        void frame(Direction direction, long epochNanos, byte[] frame);
    }

    /** One side: the host's interface, and the ring at the far end of its cable. */
    private record End(Interface host, PacketRing ring) {}

    private WireEnds(ReentrantLock lock, Namespace namespace, End client, End server) {
        this.lock = lock;
        this.namespace = namespace;
        this.client = client;
        this.server = server;
        this.poller = Poller.of(client.ring.fd(), server.ring.fd());
    }

    /** Under this lock frames are read, and sent by whoever sends any. */
    static WireEnds open(ReentrantLock lock, VethLink.End client, VethLink.End server) {
        Namespace namespace = Namespace.create("wire");
        List<PacketRing> rings = new ArrayList<>();
        try {
            End clientEnd = open(namespace, Side.CLIENT, client);
            rings.add(clientEnd.ring);
            End serverEnd = open(namespace, Side.SERVER, server);
            rings.add(serverEnd.ring);
            return new WireEnds(lock, namespace, clientEnd, serverEnd);
        } catch (RuntimeException e) {
            Release.after(e, rings);
            throw Release.after(e, namespace);
        }
    }

    private static End open(Namespace namespace, Side side, VethLink.End host) {
        VethLink.End inside = new VethLink.End(namespace, side.toString(), List.of());
        VethLink.join(host, inside);
        Interface outer = Interface.of(host.namespace(), host.name());
        outer.turnOffloadsOff();
        outer.reachEverything();
        Interface inner = Interface.of(namespace, inside.name());
        inner.turnOffloadsOff();
        return new End(outer, namespace.call(() -> PacketRing.open(inner.index(), false)));
    }

    /**
     * Begins to read.
     *
     * @param step is called after frames, and when it last said that it wants to be called (System.nanoTime)
     * @param afterwards is called when reading has ended, for whatever reason
     */
    void start(Inlet inlet, LongSupplier step, Runnable afterwards) {
        Thread.ofPlatform().daemon().name("wire").start(() -> {
            try {
                forwardUntilStopped(inlet, step);
                ended.complete(true);
            } catch (RuntimeException | Error e) {
                ended.completeExceptionally(e);
            } finally {
                afterwards.run();
            }
        });
    }

    private void forwardUntilStopped(Inlet inlet, LongSupplier step) {
        long dueNanos = Long.MAX_VALUE;
        while (!stopping) {
            poller.await(dueNanos == Long.MAX_VALUE ? -1 : Math.max(0, dueNanos - System.nanoTime()));
            lock.lock();
            try {
                drain(client, Direction.CLIENT_TO_SERVER, inlet);
                drain(server, Direction.SERVER_TO_CLIENT, inlet);
                dueNanos = step.getAsLong();
            } finally {
                lock.unlock();
            }
        }
    }

    private void drain(End from, Direction direction, Inlet inlet) {
        HardwareAddress to = end(direction.to()).host.hardwareAddress();
        from.ring.drain(TURN, (epochNanos, captured, length, outgoing) -> {
            if (length > captured.remaining()) {
                oversized++;
                return;
            }
            byte[] frame = copy(captured);
            // A host that asks nobody for addresses sends to its own. Broadcast and multicast stay what they are.
            if ((frame[0] & 1) == 0) {
                to.writeTo(frame, 0);
            }
            inlet.frame(direction, epochNanos, frame);
        });
    }

    private static byte[] copy(ByteBuffer captured) {
        byte[] frame = new byte[captured.remaining()];
        captured.get(frame);
        return frame;
    }

    /** Gives a frame to the host at that end; false if the kernel doesn't take it. Under the wire's lock. */
    boolean send(Direction direction, byte[] frame) {
        SysResult result = end(direction.to()).ring.send(frame);
        if (result.failed() && refusal.isEmpty()) {
            refusal = Optional.of(result.error());
        }
        return !result.failed();
    }

    /** Why the kernel didn't take a frame, the first time that it didn't. Under the wire's lock. */
    Optional<Errno> refusal() {
        return refusal;
    }

    /** The segment with the hardware addresses of this wire. */
    Segment addressed(Direction direction, Segment segment) {
        byte[] frame = segment.frame(
                end(direction.from()).host.hardwareAddress(),
                end(direction.to()).host.hardwareAddress());
        return Segment.decode(frame).orElseThrow(() -> new AssertionError("it was a segment before"));
    }

    Namespace host(Side side) {
        return end(side).host.namespace();
    }

    /** How many frames found no room in a ring, or in a slot of it. Under the wire's lock. */
    long overrun() {
        if (!closed) {
            overrun = client.ring.dropped() + server.ring.dropped();
        }
        return overrun + oversized;
    }

    /** Throws what ended the thread, if anything did. */
    void requireAlive() {
        if (ended.isCompletedExceptionally()) {
            throw failed(ended.exceptionNow());
        }
    }

    /** Throws also if the wire is closed. Under the wire's lock, the wire stays open. */
    void requireOpen() {
        requireAlive();
        if (stopping) {
            throw new IllegalStateException("the wire is closed");
        }
    }

    @Override
    public synchronized void close() {
        if (stopping) {
            return;
        }
        stopping = true;
        poller.stop();
        try {
            ended.join();
        } catch (CompletionException e) {
            throw failed(e.getCause());
        } finally {
            release();
        }
    }

    /** What the kernel refused the wire's thread is an answer of the kernel's; anything else is a mistake in here. */
    private static RuntimeException failed(@Nullable Throwable cause) {
        return cause instanceof KernelException refused
                ? new KernelException(
                        "forward the wire's segments: " + refused.operation(),
                        refused.errno(),
                        "",
                        refused.remedy(),
                        refused)
                : new IllegalStateException("the wire has failed", cause);
    }

    private void release() {
        lock.lock();
        try {
            Release.all(() -> overrun = overrun() - oversized, poller, client.ring, server.ring, namespace);
        } finally {
            closed = true;
            lock.unlock();
        }
    }

    private End end(Side side) {
        return switch (side) {
            case CLIENT -> client;
            case SERVER -> server;
        };
    }
}
