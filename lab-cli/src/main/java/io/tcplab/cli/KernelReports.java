package io.tcplab.cli;

import io.tcplab.report.Json;
import io.tcplab.report.KernelRun;
import io.tcplab.report.KernelTable;
import io.tcplab.report.KernelText;
import io.tcplab.report.ResultsFolder;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;

/** A command on several kernels from its folder to its last line. */
final class KernelReports {
    private final Screen screen;
    private final KernelOption option;
    private final Path out;
    private final Style style;
    private final ReportOutputs outputs;

    /**
     * How a command shows what several kernels said.
     *
     * @param command {@code run} or {@code claims}
     * @param table side by side
     * @param json all of it
     * @param page to look at
     * @param markdown to keep
     */
    record Style(
            String command,
            Function<List<KernelRun>, KernelTable> table,
            BiFunction<KernelTable, KernelSession.Result, Json.Document> json,
            View page,
            View markdown) {}

    /** Writes a table. */
    @FunctionalInterface
    interface View {
        void write(KernelTable table, Writer to) throws IOException;
    }

    KernelReports(Screen screen, KernelOption option, Path out, Style style, ReportOutputs outputs) {
        this.screen = screen;
        this.option = option;
        this.out = out;
        this.style = style;
        this.outputs = outputs;
    }

    /**
     * Runs, prints and writes.
     *
     * @return the exit code
     */
    int run() throws Exception {
        List<KernelOption.Lane> lanes = option.lanes();
        if (KernelOption.isMissing(lanes, screen)) {
            return ExitCode.INCONCLUSIVE;
        }
        ResultsFolder folder = ResultsFolder.create(out, "%s-on-%d-kernels".formatted(style.command(), lanes.size()));
        KernelSession.Result result = new KernelSession(screen, option, lanes).run(folder, List.of());
        // After Ctrl-C the report must be written all the same, and files can't be by an interrupted thread.
        Thread.interrupted();
        KernelTable table = style.table().apply(result.runs());
        if (!result.runs().isEmpty()) {
            Json.Document document = style.json().apply(table, result);
            folder.write(style.command(), document);
            folder.writePage(to -> style.page().write(table, to));
            outputs.write(
                    () -> document,
                    to -> style.page().write(table, to),
                    to -> style.markdown().write(table, to));
            print(table);
        }
        screen.err().println("results: " + folder.path());
        return result.code();
    }

    private void print(KernelTable table) {
        screen.print((colours, width) -> KernelText.table(table, colours, width), () -> KernelText.lines(table));
        KernelText.summary(table).forEach(screen.out()::println);
        screen.out().flush();
    }
}
