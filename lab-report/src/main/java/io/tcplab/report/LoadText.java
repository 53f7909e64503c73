package io.tcplab.report;

import io.tcplab.client.LoadReport;
import io.tcplab.client.Percentiles;
import java.util.Formatter;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** A load's report in words. It is the generator's own bookkeeping; what TCP did is for the kernel to say. */
public final class LoadText {
    private static final double NANOS_PER_MILLI = 1e6;
    private static final double NANOS_PER_SECOND = 1e9;

    private LoadText() {}

    /** One line for a load at work. */
    public static String line(LoadReport report) {
        return String.format(
                Locale.ROOT,
                "%6s  %,d connected (%,.0f/s), %,d in flight, %,d completed, %,d failed%s",
                Figures.seconds(report.elapsed().toNanos() / NANOS_PER_SECOND),
                report.connected(),
                report.connectedPerSecond(),
                report.inFlight(),
                report.completed(),
                report.failed(),
                causes(report));
    }

    /** Some lines for a load that has ended, the last of them ended. */
    public static String table(LoadReport report) {
        Formatter table = new Formatter(Locale.ROOT);
        table.format(
                "operations  %,d intended, %,d completed (%,.0f/s), %,d failed%s, %,d given up%n",
                report.intended(),
                report.completed(),
                report.completedPerSecond(),
                report.failed(),
                causes(report),
                report.givenUp());
        table.format(
                "connected   %,d (%,.0f/s) in %s%n",
                report.connected(),
                report.connectedPerSecond(),
                Figures.seconds(report.elapsed().toNanos() / NANOS_PER_SECOND));
        if (!report.answers().isEmpty()) {
            table.format("answers     %s%n", counts(report.answers()));
        }
        table.format("bytes       %,d sent, %,d received%n", report.bytesSent(), report.bytesReceived());
        table.format(
                "%-28s %10s %10s %10s %10s %10s%n", "ms from the scheduled time", "p50", "p90", "p99", "p99.9", "max");
        addRow(table, "until connected", report.connectLatency());
        addRow(table, "until completed", report.completionLatency());
        addRow(table, "the client's own delay", report.lag());
        return table.toString();
    }

    private static void addRow(Formatter table, String name, Percentiles values) {
        if (values.count() == 0) {
            table.format("  %-26s %10s%n", name, "-");
        } else {
            table.format(
                    "  %-26s %10.2f %10.2f %10.2f %10.2f %10.2f%n",
                    name,
                    values.p50() / NANOS_PER_MILLI,
                    values.p90() / NANOS_PER_MILLI,
                    values.p99() / NANOS_PER_MILLI,
                    values.p999() / NANOS_PER_MILLI,
                    values.max() / NANOS_PER_MILLI);
        }
    }

    private static String causes(LoadReport report) {
        return report.failures().isEmpty() ? "" : " (" + counts(report.failures()) + ")";
    }

    /** {@code ECONNRESET 2, HTTP 503: 7}: a colon where the name itself could end with a number. */
    private static String counts(Map<String, Long> byName) {
        return new TreeMap<>(byName)
                .entrySet().stream()
                        .map(each -> each.getKey() + (each.getKey().contains(" ") ? ": " : " ") + each.getValue())
                        .collect(Collectors.joining(", "));
    }
}
