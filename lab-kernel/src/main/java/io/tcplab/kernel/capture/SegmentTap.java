package io.tcplab.kernel.capture;

import io.tcplab.kernel.KernelClock;
import io.tcplab.kernel.netns.Namespace;
import io.tcplab.kernel.wire.Segment;
import io.tcplab.kernel.wire.Side;
import io.tcplab.kernel.wire.WireSegment;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

/**
 * Keeps some of the segments that cross an interface, as they cross it. With offloads on, as a veth has them, a "segment"
 * is what the kernel hands to the interface: it may be longer than the MTU.
 */
public final class SegmentTap implements AutoCloseable {
    private final InterfaceReader reader;
    private final Side side;
    private final Predicate<WireSegment> wanted;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition grown = lock.newCondition();
    private final List<WireSegment> segments = new ArrayList<>();
    private boolean stopped;

    private SegmentTap(InterfaceReader reader, Side side, Predicate<WireSegment> wanted) {
        this.reader = reader;
        this.side = side;
        this.wanted = wanted;
    }

    /**
     * Begins.
     *
     * @param side whose interface it is
     * @param wanted is asked about each segment in its turn, always by the same thread; what it doesn't want is forgotten
     * @throws io.tcplab.kernel.KernelException EPERM without CAP_NET_RAW; ENODEV if there is no such interface
     */
    public static SegmentTap start(
            Namespace namespace, String interfaceName, Side side, Predicate<WireSegment> wanted) {
        SegmentTap tap = new SegmentTap(InterfaceReader.open(namespace, interfaceName), side, wanted);
        tap.reader.start(tap::take, () -> {});
        return tap;
    }

    /** What has been kept so far, in order of time. */
    public List<WireSegment> segments() {
        lock.lock();
        try {
            return List.copyOf(segments);
        } finally {
            lock.unlock();
        }
    }

    /** Waits until more than this many have been kept, or the time is up; returns how many there are then. */
    public int awaitMoreThan(int count, Duration limit) throws InterruptedException {
        long left = limit.toNanos();
        lock.lockInterruptibly();
        try {
            while (segments.size() <= count && left > 0) {
                left = grown.awaitNanos(left);
            }
            return segments.size();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Ends, when all has been looked at that has crossed the interface before.
     *
     * @return how many frames went by unseen, for which there was no room meanwhile
     * @throws IllegalStateException if it has ended before
     */
    public long stop() {
        stopped = true;
        return reader.stop();
    }

    /** As {@link #stop}; may be called again. */
    @Override
    public void close() {
        if (!stopped) {
            stop();
        }
    }

    private void take(long epochNanos, ByteBuffer frame, int length, boolean outgoing) {
        // The ring keeps no more than the begin of a long one, which has the headers; the payload isn't looked at.
        byte[] whole = new byte[length];
        frame.get(whole, 0, Math.min(length, frame.remaining()));
        Segment.decode(whole).ifPresent(segment -> {
            Side from = outgoing ? side : side.other();
            WireSegment crossed = WireSegment.passed(KernelClock.monotonic(epochNanos), from.outward(), segment);
            if (wanted.test(crossed)) {
                keep(crossed);
            }
        });
    }

    private void keep(WireSegment segment) {
        lock.lock();
        try {
            segments.add(segment);
            grown.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
