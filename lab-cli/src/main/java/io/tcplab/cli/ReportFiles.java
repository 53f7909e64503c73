package io.tcplab.cli;

import io.tcplab.experiments.UsageException;
import io.tcplab.experiments.Verdict;
import io.tcplab.report.Html;
import io.tcplab.report.JUnitXmlReport;
import io.tcplab.report.Json;
import io.tcplab.report.KernelJson;
import io.tcplab.report.KernelRun;
import io.tcplab.report.KernelTable;
import io.tcplab.report.Markdown;
import io.tcplab.report.RunJson;
import io.tcplab.report.RunReport;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options that ask for reports in files, besides those in the results folder. */
final class ReportFiles {
    @Mixin
    private final JsonOption json = new JsonOption();

    @Mixin
    private final HtmlOption html = new HtmlOption();

    @Option(names = "--junit-xml", paramLabel = "FILE", description = "Write the report as JUnit XML, for a CI server.")
    private @Nullable Path junitXml;

    @Option(names = "--markdown", paramLabel = "FILE", description = "Write the report as Markdown.")
    private @Nullable Path markdown;

    boolean jsonToStandardOutput() {
        return json.isStandardOutput();
    }

    /** Says now what couldn't be written later; see {@link OutputFile#check}. */
    void check() {
        json.check();
        html.check();
        file("--junit-xml", junitXml).ifPresent(OutputFile::check);
        file("--markdown", markdown).ifPresent(OutputFile::check);
    }

    /** Writes what was asked for. */
    void write(RunReport report) throws Exception {
        json.write(() -> RunJson.of(report));
        html.write(to -> Html.write(report, to));
        write(file("--junit-xml", junitXml), to -> JUnitXmlReport.write(report, to));
        write(file("--markdown", markdown), to -> Markdown.write(report, to));
    }

    /** The same reports of several kernels together. */
    KernelReports.Style onKernels() {
        if (junitXml != null) {
            throw new UsageException("--junit-xml has no place for several kernels: leave it out, or --kernel");
        }
        return new KernelReports.Style() {
            @Override
            public String command() {
                return "run";
            }

            @Override
            public KernelTable table(List<KernelRun> runs) {
                return KernelTable.ofRuns(runs);
            }

            @Override
            public Json.Document json(KernelTable table, KernelSession.Result result) {
                return KernelJson.runs(table, verdict(table, result), result.interrupted());
            }

            @Override
            public void page(KernelTable table, Writer to) throws IOException {
                Html.writeRuns(table, to);
            }

            @Override
            public void files(KernelTable table, KernelSession.Result result) throws Exception {
                json.write(() -> json(table, result));
                html.write(to -> Html.writeRuns(table, to));
                ReportFiles.write(file("--markdown", markdown), to -> Markdown.writeRuns(table, to));
            }
        };
    }

    private static String verdict(KernelTable table, KernelSession.Result result) {
        return switch (result.code()) {
            case ExitCode.CONFIRMED -> Verdict.CONFIRMED.label();
            case ExitCode.REFUTED -> Verdict.REFUTED.label();
            default -> table.has(Verdict.REFUTED.label()) ? Verdict.REFUTED.label() : Verdict.INCONCLUSIVE.label();
        };
    }

    private static void write(Optional<OutputFile> file, OutputFile.Content content) throws Exception {
        if (file.isPresent()) {
            file.get().write(content);
        }
    }

    private static Optional<OutputFile> file(String option, @Nullable Path path) {
        return Optional.ofNullable(path).map(there -> new OutputFile(option, there));
    }
}
