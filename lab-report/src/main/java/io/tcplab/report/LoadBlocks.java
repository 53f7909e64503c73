package io.tcplab.report;

import io.tcplab.client.Echo;
import io.tcplab.client.LoadPlan;
import io.tcplab.client.LoadReport;
import io.tcplab.client.Percentiles;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What {@code lab client} came to, as a document. It is the generator's own bookkeeping; what TCP did is for the kernel to say. */
final class LoadBlocks {
    private static final double NANOS_PER_MILLI = 1e6;

    private LoadBlocks() {}

    static List<Block> of(LoadPlan plan, LoadReport report) {
        List<Block> blocks = new ArrayList<>();
        blocks.add(new Block.Heading(
                1,
                String.format(Locale.ROOT, "%,d of %,d operations completed", report.completed(), report.intended())));
        blocks.add(new Block.Paragraph(Prose.code(plan.load().spec())
                .and(exchange(plan))
                .and(" in " + Figures.seconds(report.elapsed().toNanos() / 1e9))));
        blocks.add(new Block.Grid(new Table(
                List.of(Table.words("what"), Table.figures("how many"), Table.figures("per second")),
                List.of(
                        row("connected", report.connected(), report.connectedPerSecond()),
                        row("completed", report.completed(), report.completedPerSecond()),
                        Table.row("failed", Long.toString(report.failed()), ""),
                        Table.row("given up", Long.toString(report.givenUp()), ""),
                        Table.row("bytes sent", Long.toString(report.bytesSent()), ""),
                        Table.row("bytes received", Long.toString(report.bytesReceived()), "")))));
        addCounts(blocks, "failed with", report.failures());
        addCounts(blocks, "answered with", report.answers());
        LoadAdvice.of(report).forEach(line -> blocks.add(new Block.Paragraph(Prose.of(line))));
        blocks.add(new Block.Grid(new Table(
                Stream.concat(Stream.of(Table.words("ms from the scheduled time")), percentiles())
                        .toList(),
                latencies(report).toList())));
        return blocks;
    }

    /** The columns of {@link #latencies} behind the first. */
    static Stream<Table.Column> percentiles() {
        return Stream.of("p50", "p90", "p99", "p99.9", "max").map(Table::figures);
    }

    /** How long the operations took, in milliseconds: a row each until connected, until completed, and for the client's own delay. */
    static Stream<List<Prose>> latencies(LoadReport report) {
        return Stream.of(
                latency("until connected", report.connectLatency()),
                latency("until completed", report.completionLatency()),
                latency("the client's own delay", report.lag()));
    }

    /** The default goes without saying. */
    private static String exchange(LoadPlan plan) {
        String said =
                plan.exchange() instanceof Echo ? "" : ", " + plan.exchange().label() + ",";
        return plan.tls() == null ? said : said + " over TLS";
    }

    private static void addCounts(List<Block> blocks, String title, Map<String, Long> counts) {
        if (!counts.isEmpty()) {
            blocks.add(new Block.Grid(new Table(
                    List.of(Table.words(title), Table.figures("operations")),
                    new TreeMap<>(counts)
                            .entrySet().stream()
                                    .map(each -> Table.row(
                                            each.getKey(), each.getValue().toString()))
                                    .toList())));
        }
    }

    private static List<Prose> row(String what, long count, double perSecond) {
        return Table.row(what, Long.toString(count), String.format(Locale.ROOT, "%.0f", perSecond));
    }

    private static List<Prose> latency(String what, Percentiles values) {
        return Table.row(
                what,
                millis(values, values.p50()),
                millis(values, values.p90()),
                millis(values, values.p99()),
                millis(values, values.p999()),
                millis(values, values.max()));
    }

    private static String millis(Percentiles values, long nanos) {
        return values.count() == 0 ? "-" : String.format(Locale.ROOT, "%.2f", nanos / NANOS_PER_MILLI);
    }
}
