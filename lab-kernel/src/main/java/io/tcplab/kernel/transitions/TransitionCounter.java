package io.tcplab.kernel.transitions;

import io.tcplab.kernel.KernelException;
import io.tcplab.kernel.Release;
import io.tcplab.kernel.ffm.PerfRing;
import io.tcplab.kernel.sockets.TcpState;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Counts state changes by the socket's own address, as {@link TransitionRecorder} records them. It keeps no event, so that it may
 * go on for as long as anyone looks.
 */
public final class TransitionCounter implements AutoCloseable {
    /** A fifth of a second's worth of a full storm; the reader comes forty times as often. */
    private static final int RING_BYTES = 2 << 20;

    private static final long DRAIN_EVERY_NANOS = Duration.ofMillis(5).toNanos();
    private static final int STATES = TcpState.values().length + 1;

    private final TraceFormat format;
    private final Set<InetAddress> addresses;
    private final List<PerfRing> rings;
    private final Map<Local, long[]> counts = new HashMap<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final CompletableFuture<Void> ended;
    private volatile boolean stopping;

    /** The two halves of an address, as the tracepoint has it. */
    private record Local(long high, long low) {}

    /** From one state to another, of sockets with this address. */
    public record Change(InetAddress local, TcpState from, TcpState to) {}

    private TransitionCounter(TraceFormat format, Set<InetAddress> addresses, List<PerfRing> rings) {
        this.format = format;
        this.addresses = addresses;
        this.rings = rings;
        this.ended = CompletableFuture.runAsync(
                this::readUntilStopped, Thread.ofPlatform().daemon().name("transitions")::start);
    }

    /**
     * Begins to count.
     *
     * @param addresses of the sockets
     * @throws KernelException if the kernel forbids it; {@link TransitionRecorder#unavailable} says why
     */
    public static TransitionCounter start(Set<InetAddress> addresses) {
        Tracepoint tracepoint = Tracepoint.find();
        int ringBytes = Math.min(RING_BYTES, TransitionRecorder.ringBytes());
        List<PerfRing> rings = TransitionRecorder.open(tracepoint, new TransitionFilter(addresses).text(), ringBytes);
        try {
            rings.forEach(PerfRing::enable);
        } catch (RuntimeException e) {
            throw Release.after(e, rings);
        }
        return new TransitionCounter(tracepoint.format(), Set.copyOf(addresses), rings);
    }

    /** How many there have been so far; those that the kernel couldn't deliver are missing. */
    public Map<Change, Long> counts() {
        Map<Change, Long> all = new LinkedHashMap<>();
        lock.lock();
        try {
            counts.forEach((local, byStates) -> {
                InetAddress address = new Endpoints(local.high, local.low, 0, 0).local();
                if (addresses.contains(address)) {
                    collect(address, byStates, all);
                }
            });
        } finally {
            lock.unlock();
        }
        return all;
    }

    private static void collect(InetAddress address, long[] byStates, Map<Change, Long> all) {
        for (int i = 0; i < byStates.length; i++) {
            if (byStates[i] > 0) {
                all.put(new Change(address, TcpState.of(i / STATES), TcpState.of(i % STATES)), byStates[i]);
            }
        }
    }

    private void count(long atNanos, ByteBuffer raw, int offset) {
        int at = offset + format.localAddress();
        Local local = new Local(raw.getLong(at), raw.getLong(at + Long.BYTES));
        int from = raw.getInt(offset + format.oldState());
        int to = raw.getInt(offset + format.newState());
        counts.computeIfAbsent(local, one -> new long[STATES * STATES])[from * STATES + to]++;
    }

    private void readUntilStopped() {
        while (!stopping) {
            lock.lock();
            try {
                rings.forEach(ring -> ring.drain(this::count));
            } finally {
                lock.unlock();
            }
            LockSupport.parkNanos(this, DRAIN_EVERY_NANOS);
        }
    }

    /** Ends counting. Callable again. */
    @Override
    public void close() {
        if (!stopping) {
            stopping = true;
            ended.exceptionally(failure -> null).join();
            Release.all(rings);
        }
    }
}
