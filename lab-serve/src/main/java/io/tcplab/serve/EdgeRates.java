package io.tcplab.serve;

import io.tcplab.kernel.sockets.TcpState;
import java.util.List;
import java.util.Map;

/** Turns growing counts of state changes into rates: those of the last half second or more. Not for several threads. */
final class EdgeRates {
    private static final double SHORTEST_SECONDS = 0.5;

    private Map<Edge, Long> before = Map.of();
    private long beforeNanos;
    private List<LiveFrame.Edge> rates = List.of();

    /** From one state to another. */
    record Edge(TcpState from, TcpState to) {}

    EdgeRates(long nowNanos) {
        beforeNanos = nowNanos;
    }

    /** The rates now, or still. */
    List<LiveFrame.Edge> at(long nowNanos, Map<Edge, Long> totals) {
        double seconds = (nowNanos - beforeNanos) / 1e9;
        if (seconds >= SHORTEST_SECONDS) {
            Map<Edge, Long> then = before;
            rates = totals.entrySet().stream()
                    .filter(edge -> edge.getValue() > then.getOrDefault(edge.getKey(), 0L))
                    .map(edge ->
                            edge(edge.getKey(), (edge.getValue() - then.getOrDefault(edge.getKey(), 0L)) / seconds))
                    .toList();
            before = totals;
            beforeNanos = nowNanos;
        }
        return rates;
    }

    static LiveFrame.Edge edge(Edge edge, double perSecond) {
        return new LiveFrame.Edge(edge.from().label(), edge.to().label(), LiveJson.figure(perSecond));
    }
}
