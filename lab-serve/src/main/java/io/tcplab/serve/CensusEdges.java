package io.tcplab.serve;

import io.tcplab.diagnose.Look;
import io.tcplab.diagnose.sample.Sample;
import io.tcplab.diagnose.sample.Scope;
import io.tcplab.kernel.counters.Counters;
import io.tcplab.kernel.sockets.TcpState;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * By the differences of two looks and, where the target is a whole namespace, by its counters, which also know the connections that came
 * and went in between.
 */
final class CensusEdges implements TargetEdges {
    /** Counters of RFC 4022: each is the number of changes from one state to another. */
    private static final Map<EdgeRates.Edge, String> COUNTED = Map.of(
            new EdgeRates.Edge(TcpState.CLOSE, TcpState.SYN_SENT), "TcpActiveOpens",
            new EdgeRates.Edge(TcpState.LISTEN, TcpState.SYN_RECV), "TcpPassiveOpens");

    private final String obstacle;
    private volatile List<LiveFrame.Edge> edges = List.of();
    private volatile boolean counted;

    /**
     * Where nothing better can be had.
     *
     * @param obstacle why
     */
    CensusEdges(String obstacle) {
        this.obstacle = obstacle;
    }

    @Override
    public void looked(Look look, boolean watched) {
        edges = watched && look.samples().size() > 1 ? rates(look) : List.of();
    }

    private List<LiveFrame.Edge> rates(Look look) {
        Sample last = look.samples().getLast();
        Sample before = look.samples().get(look.samples().size() - 2);
        double seconds = (last.atNanos() - before.atNanos()) / 1e9;
        Map<EdgeRates.Edge, Long> changes = new HashMap<>(CensusFlow.of(look));
        counted = look.scope() instanceof Scope.Everything;
        if (counted) {
            Counters since = last.counters().since(before.counters());
            COUNTED.forEach((edge, counter) -> changes.put(edge, since.values().getOrDefault(counter, 0L)));
        }
        return changes.entrySet().stream()
                .filter(change -> change.getValue() > 0 && seconds > 0)
                .map(change -> EdgeRates.edge(change.getKey(), change.getValue() / seconds))
                .toList();
    }

    @Override
    public List<LiveFrame.Edge> now() {
        return edges;
    }

    @Override
    public String by() {
        return "census";
    }

    @Override
    public String note() {
        return "from the differences of two looks: what came and went in between isn't counted"
                + (counted ? ", but for openings, which are the namespace's counters" : "")
                + ". The kernel's tracepoint would count each change: " + obstacle;
    }

    @Override
    public void close() {
        // nothing is open
    }
}
