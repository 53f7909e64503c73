package io.tcplab.cli;

import io.tcplab.experiments.UsageException;
import io.tcplab.experiments.Verdict;
import io.tcplab.experiments.ladder.Ladder;
import io.tcplab.experiments.run.PreparedRun;
import io.tcplab.experiments.run.RunRequest;
import io.tcplab.experiments.run.RunResult;
import io.tcplab.experiments.run.Runner;
import io.tcplab.kernel.memory.ProcessMemory;
import io.tcplab.report.ArmFiles;
import io.tcplab.report.LadderText;
import io.tcplab.report.PlainReport;
import io.tcplab.report.ResultsFolder;
import io.tcplab.report.RunReport;
import io.tcplab.report.TerminalReport;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** One invocation of {@code lab run} from its first cell to its last report. */
final class RunSession {
    private final Screen screen;
    private final RunRequest request;
    private final ReportFiles files;
    private final boolean capture;
    private final OptionalInt trace;
    private final int jobs;
    private final List<RunResult> results = new ArrayList<>();

    /**
     * An invocation.
     *
     * @param capture whether to capture each arm's link
     * @param trace which connection of each arm to follow, if any
     * @param jobs how many runs may go side by side
     */
    RunSession(Screen screen, RunRequest request, ReportFiles files, boolean capture, OptionalInt trace, int jobs) {
        this.screen = screen;
        this.request = request;
        this.files = files;
        this.capture = capture;
        this.trace = trace;
        this.jobs = jobs;
    }

    /**
     * Runs, prints each report as its run ends, and writes them all.
     *
     * @return the exit code
     */
    int run(List<PreparedRun> runs, Path out, String name) throws Exception {
        ResultsFolder folder = ResultsFolder.create(out, name);
        ArtifactFiles artifacts = new ArtifactFiles(new ArmFiles(folder.path(), runs.size() == 1), capture, trace);
        boolean ended;
        try {
            ended = runToEnd(runs, folder, artifacts);
        } catch (RuntimeException mistake) {
            finishAfter(mistake, folder, artifacts); // one run that breaks must not take the others' results with it
            throw mistake;
        }
        RunReport report = report(!ended);
        finish(report, folder, artifacts);
        return ended ? ExitCode.of(report.verdict()) : ExitCode.INTERRUPTED;
    }

    private void finishAfter(RuntimeException mistake, ResultsFolder folder, ArtifactFiles artifacts) throws Exception {
        try {
            finish(report(true), folder, artifacts);
        } catch (UsageException unwritten) {
            mistake.addSuppressed(unwritten);
        }
    }

    private void finish(RunReport report, ResultsFolder folder, ArtifactFiles artifacts) throws Exception {
        // After Ctrl-C the report must still be written, and an interrupted thread can't write files.
        Thread.interrupted();
        artifacts.write(folder, report);
        files.write(report);
        screen.out().print(summary(report));
        screen.out().flush();
        screen.err().println("results: " + folder.path());
        if (report.verdict() == Verdict.INCONCLUSIVE && !report.interrupted()) {
            screen.err().println("`lab doctor` shows which evidence isn't available here.");
        }
        artifacts.lacking().forEach(what -> screen.err().println("lab: " + what));
        artifacts.check();
    }

    /** False if Ctrl-C came before the end. */
    private boolean runToEnd(List<PreparedRun> runs, ResultsFolder folder, ArtifactFiles artifacts) {
        try (Progress progress = Progress.on(screen, runs)) {
            new Runner(request.sandbox(), progress, artifacts, jobs)
                    .run(runs, result -> ended(result, progress, folder, artifacts));
            return true;
        } catch (InterruptedException e) {
            return false;
        }
    }

    /** Called on the runs' own threads. The folder has each result as soon as there is one: the next run may be killed. */
    private synchronized void ended(
            RunResult result, Progress progress, ResultsFolder folder, ArtifactFiles artifacts) {
        results.add(result);
        progress.print(
                render(result) + artifacts.ladder(result).map(this::render).orElse(""));
        try {
            folder.write(report(true)); // true unless the last run has ended, which then writes it again
        } catch (IOException e) {
            // They are written again at the end, which reports a failure.
        }
    }

    private synchronized RunReport report(boolean interrupted) {
        return new RunReport(
                request.sandbox().kernel(),
                request.sandbox().name(),
                request.seed(),
                request.withoutFault(),
                interrupted,
                Optional.of(ProcessMemory.now()),
                results);
    }

    private String render(RunResult result) {
        return screen.outIsTerminal() ? terminal().render(result) : String.join("\n", PlainReport.lines(result)) + "\n";
    }

    private String render(Ladder ladder) {
        return new LadderText(screen.width()).brief(ladder) + "\n";
    }

    private String summary(RunReport report) {
        return screen.outIsTerminal() ? terminal().summary(report) : PlainReport.summary(report) + "\n";
    }

    private TerminalReport terminal() {
        return new TerminalReport(screen.colours(), screen.width());
    }
}
