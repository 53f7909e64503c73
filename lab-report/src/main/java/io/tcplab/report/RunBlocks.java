package io.tcplab.report;

import io.tcplab.experiments.Measurement;
import io.tcplab.experiments.run.RunResult;
import io.tcplab.kernel.memory.ProcessMemory;
import io.tcplab.report.Block.Grid;
import io.tcplab.report.Block.Heading;
import io.tcplab.report.Block.Paragraph;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What {@code lab run} came to, as a document. */
final class RunBlocks {
    private static final int MEGA = 20;

    private RunBlocks() {}

    static List<Block> of(RunReport report) {
        List<Block> blocks = new ArrayList<>(head(report));
        report.runs().forEach(run -> add(blocks, run));
        return blocks;
    }

    private static void add(List<Block> blocks, RunResult run) {
        blocks.add(new Heading(
                2,
                "%s: %s in %s".formatted(Phrases.title(run), run.verdict().label(), Figures.seconds(run.seconds()))));
        if (!run.reason().isEmpty()) {
            blocks.add(Block.paragraph(run.reason()));
        }
        blocks.addAll(evidence(run));
    }

    /** What all of it came to, and where it ran. */
    static List<Block> head(RunReport report) {
        return List.of(
                new Heading(1, "TCP Lab: " + Phrases.summary(report)),
                Block.paragraph("Linux " + report.kernelRelease() + ", sandbox " + report.sandbox() + ", seed "
                        + report.seed() + (report.withoutFault() ? ", without the fault." : ".")
                        + report.memory().map(RunBlocks::memory).orElse("")));
    }

    private static String memory(ProcessMemory memory) {
        return String.format(
                Locale.ROOT,
                " The lab's process had %,d MB in RAM at most, and used up to %,d MB of Java's heap.",
                memory.peakResident() >> MEGA,
                memory.peakHeap() >> MEGA);
    }

    /** What was expected and seen, the knobs, and what was measured. */
    static List<Block> evidence(RunResult run) {
        List<Block> blocks = new ArrayList<>();
        blocks.add(new Grid(expectations(run)));
        if (!run.knobs().isEmpty()) {
            blocks.add(new Paragraph(Prose.of("Knobs: ").and(knobs(run.knobs()))));
        }
        if (!run.measurements().isEmpty()) {
            blocks.add(new Grid(measurements(run.measurements())));
        }
        return blocks;
    }

    private static Table expectations(RunResult run) {
        return new Table(
                Table.columns("verdict", "expectation", "evidence", "expected", "observed", "control"),
                ExpectationRow.of(run).stream()
                        .map(row -> List.of(
                                Prose.verdict(row.verdict().label()),
                                Prose.of(row.fault().expectation().statement()).below(row.reason()),
                                Prose.of(Phrases.origin(row.fault())),
                                Prose.of(row.fault().expected()),
                                Prose.of(row.faultText()),
                                Prose.of(row.controlText())))
                        .toList());
    }

    private static Prose knobs(Map<String, Object> knobs) {
        return Prose.codes(knobs.entrySet().stream()
                .map(knob -> knob.getKey() + "=" + knob.getValue())
                .toList());
    }

    private static Table measurements(Map<String, Measurement> measurements) {
        return new Table(
                List.of(Table.words("measurement"), Table.figures("value"), Table.words("unit")),
                measurements.entrySet().stream()
                        .map(measurement -> Table.row(
                                measurement.getKey(),
                                Figures.text(measurement.getValue().value()),
                                measurement.getValue().unit()))
                        .toList());
    }
}
