package io.tcplab.serve;

import io.tcplab.diagnose.Look;
import io.tcplab.diagnose.causes.Membership;
import io.tcplab.diagnose.sample.Sample;
import io.tcplab.diagnose.sample.SocketRow;
import io.tcplab.kernel.sockets.TcpState;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * State changes as two looks show them: a socket is known again by its two ends. What went through several states in between shows
 * as one change, and what came and went isn't seen.
 */
final class CensusFlow {
    static final String NOTE = "from the differences of two looks: what came and went in between isn't counted";

    private CensusFlow() {}

    private record Ends(InetAddress local, int localPort, InetAddress peer, int peerPort) {
        static Ends of(SocketRow socket) {
            return new Ends(socket.localAddress(), socket.localPort(), socket.peerAddress(), socket.peerPort());
        }
    }

    /** The changes between the last two looks, a second. */
    static List<LiveFrame.Edge> of(Look look) {
        List<Sample> samples = look.samples();
        if (samples.size() < 2) {
            return List.of();
        }
        Sample last = samples.getLast();
        Sample before = samples.get(samples.size() - 2);
        double seconds = (last.atNanos() - before.atNanos()) / 1e9;
        Membership membership = Membership.of(look.scope(), samples);
        return between(states(before, membership), states(last, membership)).entrySet().stream()
                .map(change -> EdgeRates.edge(change.getKey(), change.getValue() / seconds))
                .toList();
    }

    private static Map<EdgeRates.Edge, Integer> between(Map<Ends, TcpState> before, Map<Ends, TcpState> after) {
        Map<EdgeRates.Edge, Integer> changes = new HashMap<>();
        after.forEach((ends, state) -> {
            TcpState was = before.getOrDefault(ends, TcpState.CLOSE);
            if (was != state) {
                changes.merge(new EdgeRates.Edge(was, state), 1, Integer::sum);
            }
        });
        before.forEach((ends, was) -> {
            if (!after.containsKey(ends)) {
                changes.merge(new EdgeRates.Edge(was, TcpState.CLOSE), 1, Integer::sum);
            }
        });
        return changes;
    }

    private static Map<Ends, TcpState> states(Sample sample, Membership membership) {
        Map<Ends, TcpState> states = new HashMap<>();
        for (SocketRow socket : sample.sockets()) {
            if (membership.has(socket)) {
                states.put(Ends.of(socket), socket.state());
            }
        }
        return states;
    }
}
