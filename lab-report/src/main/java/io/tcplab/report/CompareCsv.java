package io.tcplab.report;

import io.tcplab.compare.run.Sample;
import io.tcplab.compare.verdict.ComparisonResult;
import java.io.IOException;
import java.io.Writer;
import java.util.TreeMap;

/** Each figure of each trial of a comparison, to be looked at with other tools. */
public final class CompareCsv {
    private static final String HEADER = "experiment,setting,label,trial,measure,value,unit,counts,reason\n";

    private CompareCsv() {}

    /** Writes all trials; one without a figure, since nothing could be measured, has a line of its own. */
    public static void write(CompareReport report, Writer to) throws IOException {
        to.write(HEADER);
        for (ComparisonResult comparison : report.comparisons()) {
            for (Sample sample : comparison.samples()) {
                write(comparison, sample, to);
            }
        }
        to.flush();
    }

    private static void write(ComparisonResult comparison, Sample sample, Writer to) throws IOException {
        String start = String.join(
                ",",
                comparison.experiment(),
                Integer.toString(sample.setting()),
                quoted(comparison.settings().get(sample.setting() - 1).label()),
                Integer.toString(sample.trial()));
        String end = sample.isKept() + "," + quoted(sample.run().problem()) + "\n";
        if (sample.run().measurements().isEmpty()) {
            to.write(start + ",,,," + end);
        }
        for (var entry : new TreeMap<>(sample.run().measurements()).entrySet()) {
            double value = entry.getValue().value();
            String figure = Double.isInfinite(value) ? "inf" : Figures.text(value);
            to.write(String.join(
                    ",", start, entry.getKey(), figure, entry.getValue().unit(), end));
        }
    }

    /** As RFC 4180 has it. */
    private static String quoted(String text) {
        return text.matches("[^,\"\n]*")
                ? text
                : '"' + text.replace("\"", "\"\"").replace("\n", " ") + '"';
    }
}
