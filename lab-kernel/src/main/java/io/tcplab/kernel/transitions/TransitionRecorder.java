package io.tcplab.kernel.transitions;

import io.tcplab.kernel.KernelException;
import io.tcplab.kernel.Release;
import io.tcplab.kernel.ffm.PerfRing;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

/**
 * Records the state changes of all sockets that have one of some addresses at either end, whichever namespace they are
 * in.
 *
 * <p>The kernel writes them into a ring for each processor (perf_event_open(2) on the tracepoint
 * sock:inet_sock_set_state); a thread here empties the rings. The tracepoint does not show the namespace, so whoever
 * wants to tell cells apart gives each addresses of its own. Nothing of this outlives the process.
 *
 * <p>Needs CAP_PERFMON, and CAP_SYS_ADMIN unless tracefs is mounted and readable, both in the initial user namespace:
 * see {@link #unavailable}.
 */
public final class TransitionRecorder implements AutoCloseable {
    /** Half a second's worth of a full storm; the reader comes a hundred times as often. */
    private static final int RING_BYTES = 8 << 20;

    private static final int SMALLEST_RING_BYTES = 1 << 16;

    /** What the rings may take together, on a machine of many processors: it is locked memory. */
    private static final int ALL_RINGS_BYTES = 256 << 20;

    /**
     * How often the rings are emptied. Not when the kernel says that there is something: under load it would say so all
     * the time, and each wake-up costs a processor that the load could use.
     */
    private static final long DRAIN_EVERY_NANOS = Duration.ofMillis(5).toNanos();

    private final TransitionFilter filter;
    private final TransitionLog log;
    private final List<PerfRing> rings;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition grown = lock.newCondition();
    private final CompletableFuture<Boolean> ended = new CompletableFuture<>();
    private final Thread reader =
            Thread.ofPlatform().daemon().name("transitions").unstarted(this::readUntilStopped);
    private volatile boolean stopping;
    private boolean closed;

    private TransitionRecorder(TransitionFilter filter, TraceFormat format, List<PerfRing> rings) {
        this.filter = filter;
        this.log = new TransitionLog(format);
        this.rings = rings;
    }

    /** Why this process can't record transitions, and what helps; empty if it can. */
    public static Optional<String> unavailable() {
        return TracingObstacle.find().map(Object::toString);
    }

    /**
     * Begins to record.
     *
     * @param addresses of sockets at either end; those of a cell's clients cover both ends of their connections
     * @throws KernelException if the kernel forbids it; {@link #unavailable} says why
     */
    public static TransitionRecorder start(Set<InetAddress> addresses) {
        return start(addresses, ringBytes());
    }

    /** The size of each processor's ring. */
    static int ringBytes() {
        int share = Integer.highestOneBit(ALL_RINGS_BYTES / Processors.online().length);
        return Math.clamp(share, SMALLEST_RING_BYTES, RING_BYTES);
    }

    /**
     * As {@link #start(Set)}, with rings of another size.
     *
     * @param ringBytes for each processor, a power of two, at least a page; a transition takes about 100 bytes
     */
    public static TransitionRecorder start(Set<InetAddress> addresses, int ringBytes) {
        TransitionFilter filter = new TransitionFilter(addresses);
        Tracepoint tracepoint = Tracepoint.find();
        List<PerfRing> rings = open(tracepoint, filter.text(), ringBytes);
        TransitionRecorder recorder = new TransitionRecorder(filter, tracepoint.format(), rings);
        try {
            rings.forEach(PerfRing::enable);
        } catch (RuntimeException e) {
            throw Release.after(e, rings);
        }
        recorder.reader.start();
        return recorder;
    }

    /** A ring for each processor, not yet enabled; all or none. */
    static List<PerfRing> open(Tracepoint tracepoint, String filter, int ringBytes) {
        List<PerfRing> rings = new ArrayList<>();
        try {
            for (int cpu : Processors.online()) {
                rings.add(PerfRing.open(tracepoint.id(), cpu, filter, ringBytes));
            }
            return rings;
        } catch (RuntimeException e) {
            throw Release.after(e, rings);
        }
    }

    /**
     * Waits for a transition, of now or of before this call, since {@link #start}. Sooner or later by some milliseconds
     * than it is in the kernel.
     *
     * <p>The first transition of a socket, from CLOSED or LISTEN, may not have its ports yet: a {@link Recording} does.
     *
     * @param wanted is asked about each transition once; it delays the recording, so let it be quick
     * @return the first one that is wanted; empty if there is none when the time is up
     */
    public Optional<Transition> await(Predicate<Transition> wanted, Duration limit) throws InterruptedException {
        return await(1, wanted, limit);
    }

    /**
     * As {@link #await(Predicate, Duration)}, for several.
     *
     * @param count how many that are wanted there must be
     * @return the last of them; empty if there are fewer when the time is up
     */
    public Optional<Transition> await(int count, Predicate<Transition> wanted, Duration limit)
            throws InterruptedException {
        long left = limit.toNanos();
        int missing = count;
        int row = 0;
        lock.lockInterruptibly();
        try {
            while (true) {
                for (; row < log.size(); row++) {
                    if (isWanted(row, wanted) && --missing == 0) {
                        return Optional.of(TransitionTimeline.transition(log, row));
                    }
                }
                if (left <= 0 || ended.isDone()) {
                    return Optional.empty();
                }
                left = grown.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Ends the recording.
     *
     * @throws IllegalStateException if it has ended before
     */
    public Recording stop() {
        if (closed) {
            throw new IllegalStateException("this recording has ended before");
        }
        try (this) {
            rings.forEach(PerfRing::disable);
            stopReader().join();
            drain();
            long lost = rings.stream().mapToLong(PerfRing::lost).sum();
            return new Recording(TransitionTimeline.of(log, filter), lost);
        }
    }

    /** Ends the recording if it has not been stopped, and forgets it. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            stopReader().exceptionally(failure -> false).join();
            Release.all(rings);
        }
    }

    private boolean isWanted(int row, Predicate<Transition> wanted) {
        return filter.covers(log.localAddress(row), log.peerAddress(row))
                && wanted.test(TransitionTimeline.transition(log, row));
    }

    private void readUntilStopped() {
        try {
            while (!stopping) {
                drain();
                LockSupport.parkNanos(this, DRAIN_EVERY_NANOS);
            }
            ended.complete(true);
        } catch (RuntimeException | Error e) {
            ended.completeExceptionally(e);
        } finally {
            signalGrown();
        }
    }

    private void drain() {
        lock.lock();
        try {
            int before = log.size();
            rings.forEach(ring -> ring.drain((atNanos, pid, raw, offset) -> log.add(atNanos, raw, offset)));
            if (log.size() > before) {
                grown.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    private void signalGrown() {
        lock.lock();
        try {
            grown.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Completes when the reader has ended, exceptionally if it failed before. */
    private CompletableFuture<Boolean> stopReader() {
        stopping = true;
        LockSupport.unpark(reader);
        return ended;
    }
}
