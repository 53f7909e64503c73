package io.tcplab.kernel.transitions;

import io.tcplab.kernel.KernelException;
import io.tcplab.kernel.sockets.TcpState;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Counts the state changes of a live target's sockets. It keeps no event, so that it may go on for as long as anyone looks.
 *
 * <p>TIME_WAIT isn't traced, and an opening may come before the socket knows its ends: {@link Transition} has both. Such an opening counts
 * with the socket's next change.
 */
public final class TargetTransitions implements AutoCloseable {
    private static final int STATES = TcpState.values().length + 1;
    private static final int CLOSE = TcpState.CLOSE.number();
    private static final int LISTEN = TcpState.LISTEN.number();
    private static final int SYN_SENT = TcpState.SYN_SENT.number();
    private static final int SYN_RECV = TcpState.SYN_RECV.number();
    /** What is remembered of addresses, and of sockets whose end was lost. */
    private static final int MOST_REMEMBERED = 100_000;

    private final TraceFormat format;
    private final long[] counts = new long[STATES * STATES];
    private final Map<Local, TransitionScope.Has> known = new HashMap<>();
    /** Sockets in SYN_RECV whose ends aren't known yet, by their place in memory. */
    private final Set<Long> unnamed = new HashSet<>();
    /** Sockets that the target has opened, by their place in memory. */
    private final Set<Long> own = new HashSet<>();

    private final RingReader reader;
    private TransitionScope scope;

    /** The two halves of an address, as the tracepoint has it. */
    private record Local(long high, long low) {}

    /** From one state to another. */
    public record Change(TcpState from, TcpState to) {}

    private TargetTransitions(Tracepoint tracepoint, TransitionScope scope) {
        this.format = tracepoint.format();
        this.scope = scope;
        this.reader = RingReader.start(tracepoint, scope.text(), this::count);
    }

    /**
     * Begins to count.
     *
     * @throws KernelException if the kernel forbids it; {@link TransitionRecorder#unavailable} says why
     */
    public static TargetTransitions start(TransitionScope scope) {
        return new TargetTransitions(Tracepoint.find(), scope);
    }

    /**
     * Goes on with another scope, for example with a port on which the target listens by now.
     *
     * @return false if the kernel's filter is for another one, so that a new start is needed
     */
    public boolean follow(TransitionScope next) {
        return reader.locked(() -> {
            if (!next.text().equals(scope.text())) {
                return false;
            }
            if (!next.addresses().equals(scope.addresses())) {
                known.clear();
            }
            scope = next;
            return true;
        });
    }

    /** How many there have been so far; those that the kernel couldn't deliver are missing. */
    public Map<Change, Long> counts() {
        return reader.locked(() -> {
            Map<Change, Long> all = new LinkedHashMap<>();
            for (int i = 0; i < counts.length; i++) {
                if (counts[i] > 0) {
                    all.put(new Change(TcpState.of(i / STATES), TcpState.of(i % STATES)), counts[i]);
                }
            }
            return all;
        });
    }

    private void count(long atNanos, int pid, ByteBuffer raw, int offset) {
        long socket = raw.getLong(offset + format.socket());
        int from = raw.getInt(offset + format.oldState());
        int to = raw.getInt(offset + format.newState());
        boolean waited = !unnamed.isEmpty() && unnamed.remove(socket);
        if (from == LISTEN && to == SYN_RECV && raw.getShort(offset + format.peerPort()) == 0) {
            bounded(unnamed).add(socket);
        } else if (isCovered(raw, offset, pid, socket, from, to)) {
            counts[from * STATES + to]++;
            if (waited) {
                counts[LISTEN * STATES + SYN_RECV]++;
            }
        }
    }

    private boolean isCovered(ByteBuffer raw, int offset, int pid, long socket, int from, int to) {
        return switch (has(raw, offset)) {
            case SURELY -> isWithin(raw, offset, pid, socket, from, to);
            case BY_PORT -> isByPort(raw, offset) && isWithin(raw, offset, pid, socket, from, to);
            case NOT -> false;
        };
    }

    /** On the loopback one of the two ends has a port on which something listens. */
    private boolean isByPort(ByteBuffer raw, int offset) {
        return !(scope.within() instanceof TransitionScope.Within.Everything everything)
                || everything.listening().contains(port(raw, offset + format.localPort()))
                || everything.listening().contains(port(raw, offset + format.peerPort()));
    }

    private TransitionScope.Has has(ByteBuffer raw, int offset) {
        int at = offset + format.localAddress();
        Local local = new Local(raw.getLong(at), raw.getLong(at + Long.BYTES));
        TransitionScope.Has before = known.get(local);
        if (before != null) {
            return before;
        }
        TransitionScope.Has has = scope.has(new Endpoints(local.high, local.low, 0, 0).local());
        if (known.size() >= MOST_REMEMBERED) {
            known.clear();
        }
        known.put(local, has);
        return has;
    }

    private boolean isWithin(ByteBuffer raw, int offset, int pid, long socket, int from, int to) {
        return switch (scope.within()) {
            case TransitionScope.Within.Everything everything -> true;
            case TransitionScope.Within.LocalPort local -> port(raw, offset + format.localPort()) == local.port();
            case TransitionScope.Within.PeerPort peer -> port(raw, offset + format.peerPort()) == peer.port();
            case TransitionScope.Within.Opened opened ->
                isOwn(opened, pid, socket, from, to) || opened.ports().contains(port(raw, offset + format.localPort()));
        };
    }

    private boolean isOwn(TransitionScope.Within.Opened opened, int pid, long socket, int from, int to) {
        if (from == CLOSE) { // whatever was at this place in memory, it is another socket now
            own.remove(socket);
            if (to == SYN_SENT && opened.isOwn().test(pid)) {
                bounded(own).add(socket);
                return true;
            }
            return false;
        }
        return to == CLOSE ? own.remove(socket) : own.contains(socket);
    }

    private static Set<Long> bounded(Set<Long> sockets) {
        if (sockets.size() >= MOST_REMEMBERED) {
            sockets.clear();
        }
        return sockets;
    }

    private static int port(ByteBuffer raw, int at) {
        return Short.toUnsignedInt(raw.getShort(at));
    }

    /** Ends counting. Callable again. */
    @Override
    public void close() {
        reader.close();
    }
}
