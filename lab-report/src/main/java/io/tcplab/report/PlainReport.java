package io.tcplab.report;

import io.tcplab.experiments.run.ExpectationResult;
import io.tcplab.experiments.run.RunResult;
import java.util.ArrayList;
import java.util.List;

/** The report for a pipe or a log: one fact a line, each line whole in itself, so that {@code grep} finds it. */
public final class PlainReport {
    private PlainReport() {}

    /** A run's lines: its verdict, then each expectation in each arm. */
    public static List<String> lines(RunResult run) {
        List<String> lines = new ArrayList<>();
        String title = Phrases.title(run);
        lines.add("%s: %s in %s%s"
                .formatted(
                        title,
                        run.verdict().label(),
                        Figures.seconds(run.seconds()),
                        run.reason().isEmpty() ? "" : ": " + run.reason()));
        if (Phrases.nothingSeen(run)) {
            return lines;
        }
        for (ExpectationResult result : run.expectations()) {
            lines.add("%s: %s: %s (%s, %s): %s"
                    .formatted(
                            title,
                            result.verdict().label(),
                            result.expectation().statement(),
                            result.arm().label(),
                            Phrases.origin(result),
                            Phrases.observed(result)));
        }
        return lines;
    }

    /** The last line, on all runs. */
    public static String summary(RunReport report) {
        return Phrases.summary(report);
    }
}
