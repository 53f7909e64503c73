package io.tcplab.cli;

import io.tcplab.experiments.UsageException;
import io.tcplab.experiments.Verdict;
import io.tcplab.report.Html;
import io.tcplab.report.JUnitXmlReport;
import io.tcplab.report.KernelJson;
import io.tcplab.report.KernelTable;
import io.tcplab.report.Markdown;
import io.tcplab.report.RunJson;
import io.tcplab.report.RunReport;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options that ask for reports in files, besides those in the results folder. */
final class ReportFiles {
    @Mixin
    private final ReportOptions reports = new ReportOptions();

    @Option(names = "--junit-xml", paramLabel = "FILE", description = "Write the report as JUnit XML, for a CI server.")
    private @Nullable Path junitXml;

    @Mixin
    private final MarkdownOption markdown = new MarkdownOption();

    /** See {@link JsonOption#forText}. */
    Screen forText(Screen screen) {
        return reports.forText(screen);
    }

    /** Says now what couldn't be written later; see {@link OutputFile#check}. */
    void check() {
        outputs().check();
        junitXml().check();
    }

    /** Writes what was asked for. */
    void write(RunReport report) throws Exception {
        outputs().write(() -> RunJson.of(report), to -> Html.write(report, to), to -> Markdown.write(report, to));
        junitXml().write(to -> JUnitXmlReport.write(report, to));
    }

    /** The same reports of several kernels together. */
    KernelReports onKernels(Screen screen, KernelOption kernels, Path out) {
        if (junitXml != null) {
            throw new UsageException("--junit-xml has no place for several kernels: leave it out, or --kernel");
        }
        KernelReports.Style style = new KernelReports.Style(
                "run",
                KernelTable::ofRuns,
                (table, result) -> KernelJson.runs(table, verdict(table, result), result.interrupted()),
                Html::writeRuns,
                Markdown::writeRuns);
        return new KernelReports(screen, kernels, out, style, outputs());
    }

    private static String verdict(KernelTable table, KernelSession.Result result) {
        return switch (result.code()) {
            case ExitCode.CONFIRMED -> Verdict.CONFIRMED.label();
            case ExitCode.REFUTED -> Verdict.REFUTED.label();
            default -> table.has(Verdict.REFUTED.label()) ? Verdict.REFUTED.label() : Verdict.INCONCLUSIVE.label();
        };
    }

    private ReportOutputs outputs() {
        return new ReportOutputs(reports, markdown);
    }

    private OutputFile junitXml() {
        return new OutputFile("--junit-xml", junitXml);
    }
}
