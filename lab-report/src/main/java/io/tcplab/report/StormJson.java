package io.tcplab.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.tcplab.cluster.ClientResult;
import io.tcplab.cluster.ServerResult;
import io.tcplab.cluster.StormPlan;
import io.tcplab.cluster.StormReport;
import io.tcplab.kernel.counters.Counters;
import io.tcplab.kernel.sockets.TcpState;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What {@code lab storm} came to, as JSON. Times are in nanoseconds unless the name says otherwise. */
public record StormJson(
        String schema,
        String on,
        String image,
        String load,
        String behaviour,
        BigDecimal rate,
        String verdict,
        List<String> reasons,
        long startSpread,
        List<Client> clients,
        LoadFiguresJson sum,
        Optional<Server> server,
        Comparison comparison)
        implements Json.Document {

    /** One client; without {@code lost} it has all else. */
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    public record Client(
            int number,
            String node,
            Optional<String> lost,
            Optional<Clock> clock,
            Optional<Long> startedLate,
            Optional<LoadFiguresJson> load,
            Optional<Map<String, Long>> counters) {}

    /** How far a client's clock was ahead, and by how much that may be wrong. */
    public record Clock(long offset, long error) {}

    /** What the server's kernel says. */
    public record Server(
            String node, Map<TcpState, Integer> peaks, Map<TcpState, Integer> last, Map<String, Long> counters) {}

    /** Whether the kernel counted what the clients did. */
    public record Comparison(String verdict, long clientsConnected, Optional<Long> serverAccepted) {}

    /** Of a report. */
    public static StormJson of(StormReport report) {
        StormPlan plan = report.plan();
        return new StormJson(
                "lab/storm/1",
                report.on(),
                report.image(),
                plan.load().load().spec(),
                plan.behaviour().spec(),
                Figures.rounded(plan.load().rate()),
                report.whole() ? "whole" : "partial",
                report.reasons(),
                report.startSpreadNanos(),
                report.clients().stream().map(StormJson::client).toList(),
                LoadFiguresJson.of(report.sum()),
                report.server().map(StormJson::server),
                new Comparison(report.agreement().label(), report.sum().connected(), report.accepted()));
    }

    private static Client client(ClientResult result) {
        return switch (result) {
            case ClientResult.Lost it ->
                new Client(
                        it.number(),
                        it.node(),
                        Optional.of(it.why()),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty());
            case ClientResult.Reported it ->
                new Client(
                        it.number(),
                        it.node(),
                        Optional.empty(),
                        Optional.of(
                                new Clock(it.clock().offsetNanos(), it.clock().errorNanos())),
                        Optional.of(it.lateNanos()),
                        Optional.of(LoadFiguresJson.of(it.load())),
                        Optional.of(moved(it.counters())));
        };
    }

    private static Server server(ServerResult result) {
        return new Server(result.node(), result.peaks(), result.last(), moved(result.counters()));
    }

    /** Those of TCP that aren't 0. */
    private static Map<String, Long> moved(Counters counters) {
        Map<String, Long> moved = new TreeMap<>();
        counters.values().forEach((name, value) -> {
            if (name.startsWith("Tcp") && value != 0) {
                moved.put(name, value);
            }
        });
        return moved;
    }
}
