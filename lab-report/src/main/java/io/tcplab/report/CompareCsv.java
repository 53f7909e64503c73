package io.tcplab.report;

import io.tcplab.compare.run.Sample;
import io.tcplab.compare.verdict.ComparisonResult;
import java.io.IOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Each figure of each trial of a comparison, to be looked at with other tools. */
public final class CompareCsv {
    private CompareCsv() {}

    private static final List<String> COLUMNS =
            List.of("experiment", "setting", "label", "trial", "measure", "value", "unit", "counts", "reason");

    /** Only if there are machines to be named, so that all else stays as it was. */
    private static final String NODE = "node";

    /** Writes all trials; one without a figure, since nothing could be measured, has a line of its own. */
    public static void write(CompareReport report, Writer to) throws IOException {
        boolean nodes = report.comparisons().stream()
                .anyMatch(comparison -> !comparison.nodes().isEmpty());
        Csv csv = new Csv(
                to,
                Stream.concat(COLUMNS.stream(), nodes ? Stream.of(NODE) : Stream.of())
                        .toArray(String[]::new));
        for (ComparisonResult comparison : report.comparisons()) {
            for (Sample sample : comparison.samples()) {
                write(comparison, sample, csv);
            }
        }
        to.flush();
    }

    private static void write(ComparisonResult comparison, Sample sample, Csv to) throws IOException {
        if (sample.run().measurements().isEmpty()) {
            write(comparison, sample, "", "", "", to);
        }
        for (var entry : new TreeMap<>(sample.run().measurements()).entrySet()) {
            double value = entry.getValue().value();
            String figure = Double.isInfinite(value) ? "inf" : Figures.text(value);
            write(comparison, sample, entry.getKey(), figure, entry.getValue().unit(), to);
        }
    }

    private static void write(
            ComparisonResult comparison, Sample sample, String measure, String value, String unit, Csv to)
            throws IOException {
        List<Object> row = new ArrayList<>(List.of(
                comparison.experiment(),
                sample.setting(),
                comparison.settings().get(sample.setting() - 1).label(),
                sample.trial(),
                measure,
                value,
                unit,
                sample.isKept(),
                sample.run().problem()));
        sample.node().ifPresent(row::add);
        to.row(row.toArray());
    }
}
