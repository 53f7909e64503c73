package io.tcplab.cli;

import io.tcplab.report.Json;
import io.tcplab.report.KernelRun;
import io.tcplab.report.KernelTable;
import io.tcplab.report.KernelText;
import io.tcplab.report.ResultsFolder;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.List;

/** A command on several kernels from its folder to its last line. */
final class KernelReports {
    private final Screen screen;
    private final KernelOption option;
    private final Path out;
    private final Style style;

    /** How a command shows what several kernels said. */
    interface Style {
        /** {@code run} or {@code claims}. */
        String command();

        /** Side by side. */
        KernelTable table(List<KernelRun> runs);

        /** All of it. */
        Json.Document json(KernelTable table, KernelSession.Result result);

        /** To look at. */
        void page(KernelTable table, Writer to) throws IOException;

        /** Writes where the user wanted it. */
        void files(KernelTable table, KernelSession.Result result) throws Exception;
    }

    KernelReports(Screen screen, KernelOption option, Path out, Style style) {
        this.screen = screen;
        this.option = option;
        this.out = out;
        this.style = style;
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
        ResultsFolder folder = ResultsFolder.create(
                out,
                "%s-on-%d-kernels".formatted(style.command(), lanes.size()),
                LocalDateTime.now(ZoneId.systemDefault()));
        KernelSession.Result result = new KernelSession(screen, option, lanes).run(folder, List.of());
        // After Ctrl-C the report must be written all the same, and files can't be by an interrupted thread.
        Thread.interrupted();
        KernelTable table = style.table(result.runs());
        if (!result.runs().isEmpty()) {
            folder.write(style.command(), style.json(table, result));
            folder.writePage(to -> style.page(table, to));
            style.files(table, result);
            print(table);
        }
        screen.err().println("results: " + folder.path());
        return result.code();
    }

    private void print(KernelTable table) {
        if (screen.outIsTerminal()) {
            screen.out().print(KernelText.table(table, screen.colours(), screen.width()));
        } else {
            KernelText.lines(table).forEach(screen.out()::println);
        }
        KernelText.summary(table).forEach(screen.out()::println);
        screen.out().flush();
    }
}
