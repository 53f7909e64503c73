package io.tcplab.cli;

import io.tcplab.compare.run.ComparisonRunner;
import io.tcplab.compare.run.Plan;
import io.tcplab.compare.run.Sample;
import io.tcplab.compare.threshold.Threshold;
import io.tcplab.compare.threshold.ThresholdResult;
import io.tcplab.compare.threshold.Thresholds;
import io.tcplab.compare.verdict.ComparisonResult;
import io.tcplab.compare.verdict.Evaluation;
import io.tcplab.report.CompareReport;
import io.tcplab.report.CompareText;
import io.tcplab.report.Html;
import io.tcplab.report.ResultsFolder;
import io.tcplab.report.SamplesJson;
import io.tcplab.report.ThresholdText;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** One invocation of {@code lab compare} from its first cell to its last report: one comparison after the other. */
final class CompareSession {
    private final Screen screen;
    private final List<Threshold> thresholds;
    private final List<ComparisonResult> results = new ArrayList<>();

    /** Writes a report where the user wanted it. */
    @FunctionalInterface
    interface Files {
        void write(CompareReport report) throws Exception;
    }

    CompareSession(Screen screen, List<Threshold> thresholds) {
        this.screen = screen;
        this.thresholds = thresholds;
    }

    /**
     * Runs, evaluates, prints and writes.
     *
     * @param name of the results folder
     * @return the exit code
     */
    int run(List<Plan> plans, Path out, String name, Files files) throws Exception {
        ResultsFolder folder = ResultsFolder.create(out, name);
        boolean ended = true;
        for (Plan plan : plans) {
            announce(plan);
            ended = ended && compare(plan);
            print(results.getLast());
            if (!ended) {
                break;
            }
        }
        return finish(report(plans, !ended), folder, files);
    }

    /**
     * Runs, and writes what each trial measured: another lab compares it with what other kernels' trials measured.
     *
     * @return the exit code
     */
    int measure(Plan plan, JsonOption json) throws Exception {
        boolean ended = compare(plan);
        Thread.interrupted(); // after Ctrl-C, too, the file must be written
        json.write(() ->
                SamplesJson.of(kernel(List.of(plan)), !ended, results.getLast().samples()));
        return ended ? ExitCode.CONFIRMED : ExitCode.INTERRUPTED;
    }

    private CompareReport report(List<Plan> plans, boolean interrupted) {
        return new CompareReport(kernel(plans), interrupted, results, Thresholds.judge(thresholds, results), List.of());
    }

    /**
     * Writes a report, and prints what all its comparisons came to.
     *
     * @return the exit code
     */
    int finish(CompareReport report, ResultsFolder folder, Files files) throws Exception {
        // After Ctrl-C the report must still be written, and an interrupted thread can't write files.
        Thread.interrupted();
        folder.write(report);
        folder.writePage(to -> Html.write(report, to));
        files.write(report);
        ThresholdText.lines(report.thresholds(), screen.colours()).forEach(screen.out()::println);
        screen.out().println(report.summary());
        screen.out().flush();
        screen.err().println("results: " + folder.path());
        return report.interrupted() ? ExitCode.INTERRUPTED : exitCode(report);
    }

    /** If there are thresholds, they decide, whether or not differences are distinguishable from chance. */
    private static int exitCode(CompareReport report) {
        if (report.thresholds().isEmpty()) {
            return report.isTold() ? ExitCode.CONFIRMED : ExitCode.INCONCLUSIVE;
        }
        return switch (ThresholdResult.worst(report.thresholds())) {
            case HELD -> ExitCode.CONFIRMED;
            case BROKEN -> ExitCode.REFUTED;
            case INCONCLUSIVE -> ExitCode.INCONCLUSIVE;
        };
    }

    /** Sandboxes on this host share its kernel. */
    private static String kernel(List<Plan> plans) {
        return plans.getFirst().settings().getFirst().sandbox().kernel();
    }

    private void announce(Plan plan) {
        screen.err()
                .println("%s: %d settings × %d trials, %s: about %d s; seed %d"
                        .formatted(
                                plan.design().experiment().story().name(),
                                plan.settings().size(),
                                plan.trials(),
                                switch (plan.bound()) {
                                    case WAITING ->
                                        plan.sideBySide() == 1 ? "one at a time" : plan.sideBySide() + " side by side";
                                    case THROUGHPUT -> "one at a time, plus a warm-up of each";
                                },
                                Math.max(1, plan.about().toSeconds()),
                                plan.design().seed()));
        plan.notes().forEach(note -> screen.err().println("lab: " + note));
    }

    /** False if Ctrl-C came before the end; what there is by then is evaluated. */
    private boolean compare(Plan plan) {
        List<Sample> samples = new CopyOnWriteArrayList<>();
        long start = System.nanoTime();
        boolean ended;
        try (CompareProgress progress = CompareProgress.on(screen, plan)) {
            new ComparisonRunner(plan, progress).run(samples::add);
            ended = true;
        } catch (InterruptedException e) {
            ended = false;
        }
        results.add(Evaluation.of(plan, samples, !ended, (System.nanoTime() - start) / 1e9));
        return ended;
    }

    /** One of its comparisons, as soon as it is known. */
    void print(ComparisonResult result) {
        screen.print((colours, width) -> CompareText.table(result, colours, width), () -> CompareText.lines(result));
    }
}
