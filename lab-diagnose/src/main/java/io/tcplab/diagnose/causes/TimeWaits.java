package io.tcplab.diagnose.causes;

import io.tcplab.diagnose.sample.SocketRow;
import io.tcplab.kernel.sockets.TcpState;
import java.net.InetAddress;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How TIME_WAIT is spread: on which side of its connections, and how much of the ports to a destination it takes. */
final class TimeWaits {
    private TimeWaits() {}

    /** What a local port is taken from: connect() needs one that is free for this pair. */
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
     * How many ports a pair takes.
     *
     * @param ports in any state
     * @param timeWait of them in TIME_WAIT
     */
    record Use(Pair pair, int ports, int timeWait) {}

    /** The pair of the target's that takes the most ports, counted over the whole namespace. */
    static Optional<Use> fullest(Evidence evidence) {
        Map<Pair, int[]> uses = new HashMap<>();
        evidence.sockets().stream()
                .filter(socket -> isOpened(evidence, socket))
                .forEach(socket -> uses.putIfAbsent(Pair.of(socket), new int[2]));
        for (SocketRow socket : evidence.last().sockets()) {
            int[] use = isOpened(evidence, socket) ? uses.get(Pair.of(socket)) : null;
            if (use != null) {
                use[0]++;
                use[1] += socket.state() == TcpState.TIME_WAIT ? 1 : 0;
            }
        }
        return uses.entrySet().stream()
                .map(use -> new Use(use.getKey(), use.getValue()[0], use.getValue()[1]))
                .max(Comparator.comparingInt(Use::ports));
    }

    /** Who closes first, towards whom; empty if there is no TIME_WAIT. */
    static Optional<String> whoCloses(Evidence evidence) {
        List<SocketRow> all = evidence.in(TcpState.TIME_WAIT);
        if (all.isEmpty()) {
            return Optional.empty();
        }
        List<SocketRow> accepted = all.stream().filter(evidence::isAccepted).toList();
        List<SocketRow> opened =
                all.stream().filter(socket -> !evidence.isAccepted(socket)).toList();
        StringBuilder words = new StringBuilder(Words.count(all.size(), "connection"))
                .append(" in TIME_WAIT, which is where they belong for a minute after this side closed first");
        if (!accepted.isEmpty()) {
            words.append("; accepted here: ")
                    .append(Words.grouped(accepted, socket -> "on port " + socket.localPort()));
        }
        if (!opened.isEmpty()) {
            words.append("; opened here: ").append(Words.grouped(opened, socket -> "to " + socket.peer()));
        }
        return Optional.of(words.toString());
    }

    private static boolean isOpened(Evidence evidence, SocketRow socket) {
        return socket.state() != TcpState.LISTEN && !evidence.isAccepted(socket);
    }
}
