package io.tcplab.diagnose.causes;

import io.tcplab.diagnose.sample.LocalPorts;
import io.tcplab.diagnose.sample.SocketRow;
import io.tcplab.kernel.sockets.TcpState;
import java.net.InetAddress;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The local ports of one source that have been taken by bind() before connect(). bind() can't know the destination, so the port
 * it chooses is taken for all of them (inet_csk_bind_conflict() in net/ipv4/inet_connection_sock.c). connect() gives the same
 * port to each destination, so among many of its connections some share one.
 *
 * @param source the local address
 * @param taken ports, of those that the kernel chooses from
 * @param waiting of them in TIME_WAIT
 * @param idle of them bound, and neither connected nor listening
 * @param sockets connections on the others
 * @param destinations how many there are
 * @param shared how many connections would share a port with another, had connect() chosen; at least
 */
record SourcePorts(InetAddress source, int taken, int waiting, int idle, int sockets, int destinations, double shared) {
    /** Of fewer, chance may have left none shared. */
    private static final double LEAST_SHARED = 3;

    /** What is left of those if bind() chose most ports, and not all. */
    private static final double FEW = 0.25;

    /** Whether bind() chose these ports, or the program itself. */
    boolean areBound() {
        return idle * 2 > taken || (shared >= LEAST_SHARED && sharing() <= shared * FEW);
    }

    /** How many connections do share a port with another. */
    int sharing() {
        return sockets - (taken - idle);
    }

    /** The source of the target's of which bind() has taken the most ports, counted over the whole namespace. */
    static Optional<SourcePorts> fullest(Evidence evidence, LocalPorts range) {
        Map<InetAddress, Counts> sources = new HashMap<>();
        for (SocketRow socket : evidence.opened()) {
            if (evidence.concerns(socket)) {
                sources.putIfAbsent(socket.localAddress(), new Counts());
            }
        }
        evidence.bound().forEach(socket -> sources.putIfAbsent(socket.localAddress(), new Counts()));
        for (SocketRow socket : evidence.opened()) {
            Counts counts = sources.get(socket.localAddress());
            if (counts != null && range.contains(socket.localPort())) {
                counts.add(socket);
            }
        }
        for (SocketRow socket : evidence.last().bound()) {
            Counts counts = sources.get(socket.localAddress());
            if (counts != null && range.contains(socket.localPort())) {
                counts.idle.set(socket.localPort());
            }
        }
        return sources.entrySet().stream()
                .map(source -> source.getValue().of(source.getKey(), range))
                .filter(SourcePorts::areBound)
                .max(Comparator.comparingInt(SourcePorts::taken));
    }

    /** What is counted of a source. */
    private static final class Counts {
        private final BitSet ports = new BitSet();
        private final BitSet waiting = new BitSet();
        private final BitSet idle = new BitSet();
        private final Map<PairPorts.Pair, Integer> destinations = new HashMap<>();
        private int sockets;

        void add(SocketRow socket) {
            sockets++;
            ports.set(socket.localPort());
            if (socket.state() == TcpState.TIME_WAIT) {
                waiting.set(socket.localPort());
            }
            destinations.merge(PairPorts.Pair.of(socket), 1, Integer::sum);
        }

        /** Two connections to different destinations meet on a port with a probability of 1 in the number of ports. */
        SourcePorts of(InetAddress source, LocalPorts range) {
            double same = destinations.values().stream()
                    .mapToDouble(n -> (double) n * n)
                    .sum();
            double met = ((double) sockets * sockets - same) / 2 / Math.max(1, range.size());
            idle.andNot(ports);
            return new SourcePorts(
                    source,
                    ports.cardinality() + idle.cardinality(),
                    waiting.cardinality(),
                    idle.cardinality(),
                    sockets,
                    destinations.size(),
                    met);
        }
    }

    /** {@code 16 to 127.0.0.10:9507, 16 to …}: where they lead. */
    String words(Evidence evidence, LocalPorts range) {
        List<SocketRow> all = evidence.opened().stream()
                .filter(socket -> socket.localAddress().equals(source) && range.contains(socket.localPort()))
                .toList();
        return Words.grouped(all, socket -> "to " + socket.peer());
    }
}
