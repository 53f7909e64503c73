package io.tcplab.experiments.catalogue;

import static java.util.stream.Collectors.joining;

import io.tcplab.experiments.*;
import io.tcplab.experiments.cell.Connection;
import io.tcplab.kernel.calls.Socket;
import io.tcplab.kernel.sockets.*;
import io.tcplab.kernel.wire.Match;
import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;

/** A server's sockets in six states, another number in each, so that none can be taken for another. */
final class SixStates extends Vocabulary {
    /** Nobody listens on this port of the client. */
    private static final int NO_LISTENER = 9;

    private SixStates() {}

    /** How many there are in each, as {@link #counts} says it. */
    static String wanted(int n) {
        return "LISTEN 1, SYN_SENT %d, ESTABLISHED %d, CLOSE_WAIT %d, FIN_WAIT_2 %d, TIME_WAIT %d"
                .formatted(5 * n, 3 * n, 2 * n, 4 * n, n);
    }

    /** Makes them. */
    static void make(Trial trial, Socket listener, int n) throws InterruptedException {
        trial.open(listener, 2 * n).forEach(connection -> connection.client().close());
        trial.open(listener, 3 * n);
        for (Connection connection : trial.open(listener, 4 * n)) {
            connection.server().shutdownOutput().orThrow("shutdown");
        }
        // Last of them, for a new connection that happened to get the same port would take the TIME_WAIT over.
        for (Connection connection : trial.open(listener, n)) {
            connection.closeFrom(SERVER);
        }
        trial.drop("SYN lost", Match.toClient().syn());
        var client = trial.client().addresses().getFirst();
        for (int i = 0; i < 5 * n; i++) {
            trial.server().socket().startConnect(new InetSocketAddress(client, NO_LISTENER));
        }
    }

    /** As {@link #counts(Stream)}, of a census. */
    static String counts(Census census) {
        return counts(census.sockets().stream().map(TcpSocket::state));
    }

    /** In the order of a connection's life; states in which there is no socket are named, too. */
    static String counts(Stream<TcpState> states) {
        Map<TcpState, Integer> counts = new LinkedHashMap<>();
        Stream.of(LISTEN, SYN_SENT, ESTABLISHED, CLOSE_WAIT, FIN_WAIT2, TIME_WAIT)
                .forEach(one -> counts.put(one, 0));
        states.sorted().forEach(one -> counts.merge(one, 1, Integer::sum));
        return counts.entrySet().stream()
                .map(one -> one.getKey().label() + " " + one.getValue())
                .collect(joining(", "));
    }
}
