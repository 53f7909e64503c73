package io.tcplab.report;

import io.tcplab.experiments.Measurement;
import io.tcplab.experiments.run.RunResult;
import java.io.IOException;
import java.io.Writer;
import java.util.Map;
import java.util.stream.Collectors;

/** The report as GitHub-flavoured Markdown, for a pull request or a wiki. */
public final class MarkdownReport {
    private final Writer to;
    private final RunReport report;

    private MarkdownReport(RunReport report, Writer to) {
        this.report = report;
        this.to = to;
    }

    /** Writes the document and flushes; doesn't close. */
    public static void write(RunReport report, Writer to) throws IOException {
        new MarkdownReport(report, to).write();
    }

    private void write() throws IOException {
        line("# TCP Lab: " + Phrases.summary(report));
        line("");
        line("Linux " + report.kernelRelease() + ", sandbox " + report.sandbox() + ", seed " + report.seed()
                + (report.withoutFault() ? ", without the fault." : "."));
        for (RunResult run : report.runs()) {
            write(run);
        }
        to.flush();
    }

    private void write(RunResult run) throws IOException {
        line("");
        line("## %s: %s in %s".formatted(Phrases.title(run), run.verdict().label(), Figures.seconds(run.seconds())));
        line("");
        if (!run.reason().isEmpty()) {
            line(Markdown.escaped(run.reason()));
            line("");
        }
        writeExpectations(run);
        writeKnobs(run.knobs());
        writeMeasurements(run.measurements());
    }

    private void writeExpectations(RunResult run) throws IOException {
        line("| verdict | expectation | evidence | expected | observed | control |");
        line("|---|---|---|---|---|---|");
        for (Row row : Row.of(run)) {
            line("| %s | %s%s | %s | %s | %s | %s |"
                    .formatted(
                            row.verdict().label(),
                            Markdown.escaped(row.fault().expectation().statement()),
                            row.reason().isEmpty() ? "" : "<br>" + Markdown.escaped(row.reason()),
                            Phrases.origin(row.fault()),
                            Markdown.escaped(row.fault().expected()),
                            Markdown.escaped(row.faultText()),
                            Markdown.escaped(row.controlText())));
        }
    }

    private void writeKnobs(Map<String, Object> knobs) throws IOException {
        if (!knobs.isEmpty()) {
            line("");
            line("Knobs: "
                    + knobs.entrySet().stream()
                            .map(knob -> "`" + knob.getKey() + "=" + knob.getValue() + "`")
                            .collect(Collectors.joining(", ")));
        }
    }

    private void writeMeasurements(Map<String, Measurement> measurements) throws IOException {
        if (measurements.isEmpty()) {
            return;
        }
        line("");
        line("| measurement | value | unit |");
        line("|---|---:|---|");
        for (var measurement : measurements.entrySet()) {
            line("| %s | %s | %s |"
                    .formatted(
                            measurement.getKey(),
                            Figures.text(measurement.getValue().value()),
                            measurement.getValue().unit()));
        }
    }

    private void line(String text) throws IOException {
        to.write(text);
        to.write('\n');
    }
}
