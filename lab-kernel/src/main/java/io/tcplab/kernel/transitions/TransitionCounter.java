package io.tcplab.kernel.transitions;

import io.tcplab.kernel.KernelException;
import io.tcplab.kernel.sockets.TcpState;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Counts state changes by the socket's own address, as {@link TransitionRecorder} records them. It keeps no event, so that it may
 * go on for as long as anyone looks.
 */
public final class TransitionCounter implements AutoCloseable {
    private static final int STATES = TcpState.values().length + 1;

    private final TraceFormat format;
    private final Set<InetAddress> addresses;
    private final Map<Local, long[]> counts = new HashMap<>();
    private final RingReader reader;

    /** The two halves of an address, as the tracepoint has it. */
    private record Local(long high, long low) {}

    /** From one state to another, of sockets with this address. */
    public record Change(InetAddress local, TcpState from, TcpState to) {}

    private TransitionCounter(Tracepoint tracepoint, Set<InetAddress> addresses) {
        this.format = tracepoint.format();
        this.addresses = Set.copyOf(addresses);
        this.reader = RingReader.start(tracepoint, new TransitionFilter(addresses).text(), this::count);
    }

    /**
     * Begins to count.
     *
     * @param addresses of the sockets
     * @throws KernelException if the kernel forbids it; {@link TransitionRecorder#unavailable} says why
     */
    public static TransitionCounter start(Set<InetAddress> addresses) {
        return new TransitionCounter(Tracepoint.find(), addresses);
    }

    /** How many there have been so far; those that the kernel couldn't deliver are missing. */
    public Map<Change, Long> counts() {
        return reader.locked(() -> {
            Map<Change, Long> all = new LinkedHashMap<>();
            counts.forEach((local, byStates) -> {
                InetAddress address = new Endpoints(local.high, local.low, 0, 0).local();
                if (addresses.contains(address)) {
                    collect(address, byStates, all);
                }
            });
            return all;
        });
    }

    private static void collect(InetAddress address, long[] byStates, Map<Change, Long> all) {
        for (int i = 0; i < byStates.length; i++) {
            if (byStates[i] > 0) {
                all.put(new Change(address, TcpState.of(i / STATES), TcpState.of(i % STATES)), byStates[i]);
            }
        }
    }

    private void count(long atNanos, int pid, ByteBuffer raw, int offset) {
        int at = offset + format.localAddress();
        Local local = new Local(raw.getLong(at), raw.getLong(at + Long.BYTES));
        int from = raw.getInt(offset + format.oldState());
        int to = raw.getInt(offset + format.newState());
        counts.computeIfAbsent(local, one -> new long[STATES * STATES])[from * STATES + to]++;
    }

    /** Ends counting. Callable again. */
    @Override
    public void close() {
        reader.close();
    }
}
