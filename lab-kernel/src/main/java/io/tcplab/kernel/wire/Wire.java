package io.tcplab.kernel.wire;

import io.tcplab.kernel.Errno;
import io.tcplab.kernel.KernelClock;
import io.tcplab.kernel.KernelException;
import io.tcplab.kernel.netns.VethLink;
import io.tcplab.kernel.sockets.SockDiag;
import io.tcplab.kernel.sockets.SocketQuery;
import io.tcplab.kernel.sockets.TcpState;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * A link between two hosts that this process forwards: it sees each segment, does to it what its rules say, and records
 * it.
 *
 * <p>Each host's interface is one end of a veth pair whose other end lies in a third namespace, where a thread here
 * takes frames from the one and gives them to the other (packet(7)). It works the same for root and in a user
 * namespace, and nothing of it outlives the process. Segments are as TCP made them: no offload merges or splits them,
 * and checksums are real. Nobody asks for hardware addresses, so there is no ARP.
 *
 * <p>Rules are asked in the order in which they were added; the first that wants a segment decides it. Each counts all
 * segments that it means, whoever decides them.
 *
 * <p>May be used from any thread.
 */
public final class Wire implements AutoCloseable {
    /** What the record may take, in bytes. */
    private static final long RECORD_BYTES = 64L << 20;

    /** Sockets come and go while they are destroyed; after this many rounds somebody opens them on purpose. */
    private static final int ROUNDS = 100;

    private final ReentrantLock lock;
    private final Condition changed;
    private final WireEnds ends;
    private final Tape tape = new Tape(RECORD_BYTES);
    private final Relay relay;

    private Wire(ReentrantLock lock, WireEnds ends) {
        this.lock = lock;
        this.changed = lock.newCondition();
        this.ends = ends;
        this.relay = new Relay(ends::send, tape, System::nanoTime);
    }

    /**
     * Joins two hosts. When this returns, the wire carries segments, and each host sends everything that is not its own
     * onto it.
     *
     * @throws KernelException EPERM without CAP_NET_ADMIN and CAP_NET_RAW; EOPNOTSUPP without the module veth
     */
    public static Wire join(VethLink.End client, VethLink.End server) {
        ReentrantLock lock = new ReentrantLock();
        WireEnds ends = WireEnds.open(lock, client, server);
        Wire wire = new Wire(lock, ends);
        ends.start(wire::arrived, wire::step, wire::wakeWaiting);
        return wire;
    }

    /** Puts a rule behind those that are there. It sees what comes from now on. */
    public RuleHandle add(Rule rule) {
        RuleState state = new RuleState(rule);
        act(() -> relay.add(state));
        return new RuleHandle(this, state);
    }

    /**
     * Puts a segment onto the wire that its sender's kernel knows nothing of: crafted, or recorded before. Rules don't
     * see it.
     */
    public void inject(Direction direction, Segment segment) {
        Segment addressed = ends.addressed(direction, segment);
        act(() -> relay.inject(direction, addressed));
    }

    /** The host dies: from now on nothing gets from it or to it. Its kernel goes on, unheard. */
    public void silence(Side side) {
        act(() -> relay.silence(side));
    }

    /** The host is there again, with the same address. What its kernel tried to send meanwhile is lost. */
    public void comeBack(Side side) {
        act(() -> relay.comeBack(side));
    }

    /**
     * The host loses power and starts again: unheard, it loses its connections, all of them, whatever their state;
     * listening sockets are there again. To what comes for the old connections it answers RST, as its kernel knows
     * nothing of them. A host that is silenced already comes back.
     *
     * @throws KernelException EOPNOTSUPP if the kernel was built without CONFIG_INET_DIAG_DESTROY; EBUSY if new
     *     connections keep coming
     */
    public void reboot(Side side) {
        silence(side);
        forgetConnections(side);
        comeBack(side);
    }

    /** What came onto the wire, in order of time. */
    public List<WireSegment> segments() {
        return locked(tape::snapshot);
    }

    /**
     * Waits for a segment, of now or of before this call.
     *
     * @param wanted is asked about each segment once, when it has come; what becomes of it later does not count
     * @return the first that is wanted; empty if there is none when the time is up
     */
    public Optional<WireSegment> await(Predicate<WireSegment> wanted, Duration limit) throws InterruptedException {
        Search search = new Search(wanted);
        awaitUntil(search, limit);
        return search.found;
    }

    /**
     * A count of segments, of those before this call too.
     *
     * @param wanted is asked about each segment once, when it has come
     */
    public Tally tally(Predicate<WireSegment> wanted) {
        return new Tally(wanted);
    }

    /** What the wire failed to do. Anything but nothing makes what it recorded worthless as evidence. */
    public Losses losses() {
        return locked(() -> new Losses(ends.overrun(), relay.refused(), ends.refusal(), tape.unrecorded()));
    }

    /** Ends the wire, and with it the hosts' interfaces. What is held or delayed is lost. */
    @Override
    public void close() {
        ends.close();
    }

    /** Looks at something while no segment moves. */
    <T> T locked(Supplier<T> look) {
        ends.requireAlive();
        lock.lock();
        try {
            return look.get();
        } finally {
            lock.unlock();
        }
    }

    /** Does something while no segment moves. */
    void act(Runnable action) {
        lock.lock();
        try {
            ends.requireOpen();
            action.run();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits for a condition, which is looked at under the lock whenever something came or went. */
    boolean awaitUntil(BooleanSupplier condition, Duration limit) throws InterruptedException {
        long left = limit.toNanos();
        lock.lockInterruptibly();
        try {
            while (!condition.getAsBoolean()) {
                ends.requireOpen();
                if (left <= 0) {
                    return false;
                }
                left = changed.awaitNanos(left);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Only under the lock. */
    Relay relay() {
        return relay;
    }

    private void arrived(Direction direction, long epochNanos, byte[] frame) {
        long atNanos = KernelClock.monotonic(epochNanos);
        Segment.decode(frame)
                .ifPresentOrElse(
                        segment -> relay.arrived(direction, atNanos, segment),
                        () -> relay.other(direction, atNanos, frame));
    }

    /** After some frames, or when something is due: returns when it is next, on System.nanoTime. */
    private long step() {
        relay.runDue();
        changed.signalAll();
        return relay.nextDueNanos();
    }

    /** Who waits for a segment learns that none will come. */
    private void wakeWaiting() {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void forgetConnections(Side side) {
        Set<TcpState> states = EnumSet.copyOf(TcpState.reported());
        states.remove(TcpState.LISTEN);
        SocketQuery connections = new SocketQuery(states, OptionalInt.empty(), OptionalInt.empty(), false);
        try (SockDiag sockets = SockDiag.open(ends.host(side))) {
            for (int round = 0; round < ROUNDS; round++) {
                if (sockets.census(connections).sockets().isEmpty()) {
                    return;
                }
                sockets.destroy(connections);
            }
            throw new KernelException(
                    "destroy the connections of the " + side, Errno.EBUSY, "stop what keeps opening new ones");
        }
    }

    /** Looks through the record, going on where it stopped. */
    private final class Search implements BooleanSupplier {
        private final Predicate<WireSegment> wanted;
        private Optional<WireSegment> found = Optional.empty();
        private int next;

        Search(Predicate<WireSegment> wanted) {
            this.wanted = wanted;
        }

        @Override
        public boolean getAsBoolean() {
            for (; next < tape.size() && found.isEmpty(); next++) {
                found = Optional.of(tape.get(next)).filter(wanted);
            }
            return found.isPresent();
        }
    }

    /** A count of segments that goes on where it stopped. For one thread at a time. */
    public final class Tally {
        private final Predicate<WireSegment> wanted;
        private int next;
        private int count;

        private Tally(Predicate<WireSegment> wanted) {
            this.wanted = wanted;
        }

        /** Waits until more than this many have come, or the time is up; returns how many have then. */
        public int awaitMoreThan(int enough, Duration limit) throws InterruptedException {
            awaitUntil(() -> count() > enough, limit);
            return count;
        }

        private int count() {
            for (; next < tape.size(); next++) {
                count += wanted.test(tape.get(next)) ? 1 : 0;
            }
            return count;
        }
    }
}
