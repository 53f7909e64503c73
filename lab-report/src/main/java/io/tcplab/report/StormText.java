package io.tcplab.report;

import io.tcplab.client.LoadReport;
import io.tcplab.client.Percentiles;
import io.tcplab.cluster.ClientResult;
import io.tcplab.cluster.ServerResult;
import io.tcplab.cluster.StormReport;
import io.tcplab.kernel.sockets.TcpState;
import java.util.ArrayList;
import java.util.Formatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** A storm's result as a table: a row for each client, one for all of them, and what the server's kernel says. */
public final class StormText {
    private static final double NANOS_PER_MILLI = 1e6;

    /** Why a connection may be the clients' and not the server's, or late. */
    private static final Set<String> TELLING = Set.of(
            "TcpExtListenOverflows",
            "TcpExtListenDrops",
            "TcpExtTCPReqQFullDrop",
            "TcpExtTCPReqQFullDoCookies",
            "TcpExtSyncookiesSent",
            "TcpRetransSegs",
            "TcpAttemptFails",
            "TcpEstabResets");

    private static final String ROW = "%-8s %-14s %10s %10s %8s %9s %9s %9s %9s %9s %9s%n";

    private StormText() {}

    /** Some lines, the last of them ended. */
    public static String table(StormReport report) {
        Formatter table = new Formatter(Locale.ROOT);
        table.format(
                ROW,
                "client",
                "node",
                "connected",
                "completed",
                "failed",
                "given up",
                "p50 ms",
                "p99 ms",
                "max ms",
                "delay ms",
                "began ms");
        report.clients().forEach(client -> addClient(table, client));
        addLoad(table, "sum", "", report.sum(), "");
        report.server().ifPresent(kernel -> addServer(table, report, kernel));
        if (!report.sum().failures().isEmpty()) {
            table.format("failures: %s%n", failures(report));
        }
        report.reasons().forEach(reason -> table.format("partial: %s%n", reason));
        return table.toString().replaceAll(" +\n", "\n");
    }

    /** What the columns are, for a person. */
    public static String legend() {
        return "latencies count from the scheduled time until an operation was complete; delay: the client's own, p99;"
                + " began: after the common instant";
    }

    /** How it goes: what the server's kernel says. */
    public static String line(double seconds, Map<TcpState, Integer> states) {
        return "%6s  server: %s".formatted(Figures.seconds(Math.max(0, seconds)), states(states));
    }

    private static void addClient(Formatter table, ClientResult result) {
        switch (result) {
            case ClientResult.Lost it ->
                table.format("%-8s %-14s %10s%n", Integer.toString(it.number()), it.node(), "lost");
            case ClientResult.Reported it ->
                addLoad(table, Integer.toString(it.number()), it.node(), it.load(), millis(it.lateNanos()));
        }
    }

    private static void addLoad(Formatter table, String name, String node, LoadReport load, String began) {
        Percentiles latency = load.completionLatency();
        boolean some = latency.count() > 0;
        table.format(
                ROW,
                name,
                node,
                count(load.connected()),
                count(load.completed()),
                count(load.failed()),
                count(load.givenUp()),
                some ? millis(latency.p50()) : "-",
                some ? millis(latency.p99()) : "-",
                some ? millis(latency.max()) : "-",
                load.lag().count() > 0 ? millis(load.lag().p99()) : "-",
                began);
    }

    private static void addServer(Formatter table, StormReport report, ServerResult kernel) {
        table.format(
                "%-8s %-14s %10s  accepted by the server's kernel (%s): %s%n",
                "server",
                kernel.node(),
                count(report.accepted().orElse(0L)),
                StormReport.PASSIVE_OPENS,
                agreement(report));
        table.format("server's sockets, at most: %s; at the end: %s%n", states(kernel.peaks()), states(kernel.last()));
        List<String> telling = new ArrayList<>();
        new TreeMap<>(kernel.counters().values()).forEach((name, value) -> {
            if (TELLING.contains(name) && value != 0) {
                telling.add(name + " " + count(value));
            }
        });
        if (!telling.isEmpty()) {
            table.format("server's counters: %s%n", String.join(", ", telling));
        }
    }

    private static String agreement(StormReport report) {
        return switch (report.agreement()) {
            case AGREE -> "as many as the clients connected";
            case DIFFER ->
                "%+d compared with the clients"
                        .formatted(report.accepted().orElse(0L) - report.sum().connected());
            case NOT_COMPARED -> "not compared, because a client's count is missing";
        };
    }

    /** Those that there are; a listener is always there, and says nothing. */
    private static String states(Map<TcpState, Integer> states) {
        String some = states.entrySet().stream()
                .filter(each -> each.getValue() > 0 && each.getKey() != TcpState.LISTEN)
                .map(each -> each.getKey() + " " + count(each.getValue()))
                .collect(Collectors.joining(", "));
        return some.isEmpty() ? "none" : some;
    }

    private static String failures(StormReport report) {
        return report.reported().stream()
                .filter(client -> !client.load().failures().isEmpty())
                .map(client -> "client %d: %s".formatted(client.number(), named(client.load())))
                .collect(Collectors.joining("; "));
    }

    private static String named(LoadReport load) {
        return load.failures().entrySet().stream()
                .map(each -> each.getKey() + " " + count(each.getValue()))
                .collect(Collectors.joining(", "));
    }

    private static String count(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    private static String millis(long nanos) {
        return String.format(Locale.ROOT, "%.2f", nanos / NANOS_PER_MILLI);
    }
}
