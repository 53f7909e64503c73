package io.tcplab.cli;

import io.tcplab.experiments.cell.Sandbox;
import io.tcplab.experiments.claims.Claim;
import io.tcplab.experiments.claims.ClaimJudge;
import io.tcplab.experiments.run.ArtifactSink;
import io.tcplab.experiments.run.PreparedRun;
import io.tcplab.experiments.run.RunResult;
import io.tcplab.experiments.run.Runner;
import io.tcplab.report.ClaimsReport;
import io.tcplab.report.ClaimsText;
import io.tcplab.report.Html;
import io.tcplab.report.ResultsFolder;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** One invocation of {@code lab claims} from its first cell to its last report. */
final class ClaimsSession {
    private final Screen screen;
    private final List<Claim> claims;
    private final Sandbox sandbox;
    private final int jobs;
    private final List<RunResult> results = new CopyOnWriteArrayList<>();

    /** Writes a report where the user wanted it. */
    @FunctionalInterface
    interface Files {
        void write(ClaimsReport report) throws Exception;
    }

    ClaimsSession(Screen screen, List<Claim> claims, Sandbox sandbox, int jobs) {
        this.screen = screen;
        this.claims = claims;
        this.sandbox = sandbox;
        this.jobs = jobs;
    }

    /**
     * Runs, judges, prints and writes.
     *
     * @return the exit code
     */
    int run(List<PreparedRun> runs, Path out, Files files) throws Exception {
        ResultsFolder folder = ResultsFolder.create(out, "claims");
        boolean ended;
        try {
            ended = runToEnd(runs);
        } catch (RuntimeException mistake) {
            finish(report(true), folder, files); // one run that breaks must not take the others' results with it
            throw mistake;
        }
        ClaimsReport report = report(!ended);
        finish(report, folder, files);
        if (!ended) {
            return ExitCode.INTERRUPTED;
        }
        return report.isOpen() ? ExitCode.INCONCLUSIVE : ExitCode.CONFIRMED;
    }

    private void finish(ClaimsReport report, ResultsFolder folder, Files files) throws Exception {
        // After Ctrl-C the report must still be written, and an interrupted thread can't write files.
        Thread.interrupted();
        folder.write(report.asRuns());
        folder.write(report);
        folder.writePage(to -> Html.write(report, to));
        files.write(report);
        print(report);
        screen.err().println("results: " + folder.path());
    }

    /** False if Ctrl-C came before the end. */
    private boolean runToEnd(List<PreparedRun> runs) {
        try (Progress progress = Progress.on(screen, runs)) {
            new Runner(sandbox, progress, ArtifactSink.none(), jobs).run(runs, results::add);
            return true;
        } catch (InterruptedException e) {
            return false;
        }
    }

    private ClaimsReport report(boolean interrupted) {
        return new ClaimsReport(
                sandbox.kernel(),
                sandbox.name(),
                interrupted,
                claims.stream().map(claim -> ClaimJudge.judge(claim, results)).toList(),
                results);
    }

    private void print(ClaimsReport report) {
        screen.print((colours, width) -> ClaimsText.table(report, colours, width), () -> ClaimsText.lines(report));
        screen.out().println(ClaimsText.summary(report));
        screen.out().flush();
    }
}
