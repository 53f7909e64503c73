package io.tcplab.diagnose.causes;

import io.tcplab.diagnose.sample.LocalPorts;
import io.tcplab.diagnose.sample.SocketRow;
import io.tcplab.kernel.sockets.TcpState;
import java.net.InetAddress;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * How many local ports a pair of source and destination takes, of those that the kernel chooses from. connect() needs one that
 * is free for this pair, whatever other pairs have (__inet_hash_connect() in net/ipv4/inet_hashtables.c).
 *
 * @param ports in any state
 * @param timeWait of them in TIME_WAIT
 */
record PairPorts(Pair pair, int ports, int timeWait) {
    /** What a local port is taken for. */
    record Pair(InetAddress source, InetAddress destination, int port) {
        static Pair of(SocketRow socket) {
            return new Pair(socket.localAddress(), socket.peerAddress(), socket.peerPort());
        }

        String words() {
            String to = destination.getHostAddress();
            return source.getHostAddress() + " to " + (to.contains(":") ? "[" + to + "]" : to) + ":" + port;
        }
    }

    /**
     * The pair of the target's that takes the most ports, counted over the whole namespace; none where it is unknown which ports the
     * kernel chooses from.
     */
    static Optional<PairPorts> fullest(Evidence evidence) {
        return evidence.settings().localPorts().flatMap(range -> fullest(evidence, range));
    }

    private static Optional<PairPorts> fullest(Evidence evidence, LocalPorts range) {
        Map<Pair, Use> uses = new HashMap<>();
        for (SocketRow socket : evidence.opened()) {
            uses.computeIfAbsent(Pair.of(socket), pair -> new Use()).add(socket, range, evidence.concerns(socket));
        }
        return uses.entrySet().stream()
                .filter(use -> use.getValue().ofTarget)
                .map(use -> new PairPorts(use.getKey(), use.getValue().ports, use.getValue().timeWait))
                .max(Comparator.comparingInt(PairPorts::ports));
    }

    /** What is counted of a pair. */
    private static final class Use {
        private boolean ofTarget;
        private int ports;
        private int timeWait;

        void add(SocketRow socket, LocalPorts range, boolean concernsTarget) {
            ofTarget |= concernsTarget;
            if (range.contains(socket.localPort())) {
                ports++;
                timeWait += socket.state() == TcpState.TIME_WAIT ? 1 : 0;
            }
        }
    }
}
