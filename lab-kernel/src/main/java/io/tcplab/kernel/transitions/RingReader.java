package io.tcplab.kernel.transitions;

import io.tcplab.kernel.Release;
import io.tcplab.kernel.ffm.PerfRing;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * Empties the rings of all processors, by a thread of its own, for those who count and keep no event.
 *
 * <p>A socket's changes may be in several rings: its opening in that of the processor on which connect() ran, its end in
 * that of another. The handler gets them in the order of time all the same, a round later than they are found: what a
 * processor has written by then isn't older than what was found before.
 */
final class RingReader implements AutoCloseable {
    /** A fifth of a second's worth of a full storm; the reader comes ten times as often. */
    private static final int RING_BYTES = 2 << 20;

    /** Each wake-up costs a processor that the load could use. */
    private static final long DRAIN_EVERY_NANOS = Duration.ofMillis(20).toNanos();

    private final List<PerfRing> rings;
    private final PerfRing.SampleHandler handler;
    private final ReentrantLock lock = new ReentrantLock();
    private final CompletableFuture<Void> ended;
    private volatile boolean stopping;
    /** When the round before began. */
    private long roundNanos = Long.MIN_VALUE;

    private RingReader(List<PerfRing> rings, PerfRing.SampleHandler handler) {
        this.rings = rings;
        this.handler = handler;
        this.ended = CompletableFuture.runAsync(
                this::readUntilStopped, Thread.ofPlatform().daemon().name("transitions")::start);
    }

    /**
     * Begins to read.
     *
     * @param filter for the kernel, in the language of Documentation/trace/events.rst
     * @param handler is called by one thread at a time, and not while {@link #locked} computes
     * @throws io.tcplab.kernel.KernelException if the kernel forbids it
     */
    static RingReader start(Tracepoint tracepoint, String filter, PerfRing.SampleHandler handler) {
        int ringBytes = Math.min(RING_BYTES, TransitionRecorder.ringBytes());
        List<PerfRing> rings = TransitionRecorder.open(tracepoint, filter, ringBytes);
        try {
            rings.forEach(PerfRing::enable);
        } catch (RuntimeException e) {
            throw Release.after(e, rings);
        }
        return new RingReader(rings, handler);
    }

    /** Computes something from what the handler collects, while it stands still. */
    <T> T locked(Supplier<T> computation) {
        lock.lock();
        try {
            return computation.get();
        } finally {
            lock.unlock();
        }
    }

    private void readUntilStopped() {
        while (!stopping) {
            lock.lock();
            try {
                drain();
            } finally {
                lock.unlock();
            }
            LockSupport.parkNanos(this, DRAIN_EVERY_NANOS);
        }
    }

    /** By turns: from the ring that has the oldest sample, until that of another is older. */
    private void drain() {
        long last = roundNanos;
        roundNanos = System.nanoTime();
        for (PerfRing ring = oldest(); ring.oldestNanos() <= last; ring = oldest()) {
            ring.drainUntil(Math.min(last, oldestBeside(ring)), handler);
        }
    }

    private PerfRing oldest() {
        PerfRing oldest = rings.getFirst();
        for (PerfRing ring : rings) {
            oldest = ring.oldestNanos() < oldest.oldestNanos() ? ring : oldest;
        }
        return oldest;
    }

    private long oldestBeside(PerfRing one) {
        long oldest = Long.MAX_VALUE;
        for (PerfRing ring : rings) {
            oldest = ring == one ? oldest : Math.min(oldest, ring.oldestNanos());
        }
        return oldest;
    }

    /** Ends reading. Callable again. */
    @Override
    public void close() {
        if (!stopping) {
            stopping = true;
            ended.exceptionally(failure -> null).join();
            Release.all(rings);
        }
    }
}
