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

    /** The pair of the target's that takes the most ports, counted over the whole namespace. */
    static Optional<PairPorts> fullest(Evidence evidence, LocalPorts range) {
        Map<Pair, int[]> uses = new HashMap<>();
        for (SocketRow socket : evidence.last().sockets()) {
            if (isOpened(evidence, socket) && evidence.concerns(socket)) {
                uses.putIfAbsent(Pair.of(socket), new int[2]);
            }
        }
        for (SocketRow socket : evidence.last().sockets()) {
            int[] use =
                    isOpened(evidence, socket) && range.contains(socket.localPort()) ? uses.get(Pair.of(socket)) : null;
            if (use != null) {
                use[0]++;
                use[1] += socket.state() == TcpState.TIME_WAIT ? 1 : 0;
            }
        }
        return uses.entrySet().stream()
                .map(use -> new PairPorts(use.getKey(), use.getValue()[0], use.getValue()[1]))
                .max(Comparator.comparingInt(PairPorts::ports));
    }

    static boolean isOpened(Evidence evidence, SocketRow socket) {
        return socket.state() != TcpState.LISTEN && !evidence.isAccepted(socket);
    }
}
