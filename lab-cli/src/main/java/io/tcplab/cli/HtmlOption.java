package io.tcplab.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** {@code --html FILE}. */
final class HtmlOption {
    @Option(
            names = "--html",
            paramLabel = "FILE",
            description = "Write the report as one HTML file, to look at in a browser; it needs no network.")
    private @Nullable Path file;

    /** See {@link OutputFile#check}. */
    void check() {
        file().check();
    }

    /** Writes it where it was wanted, if it was. */
    void write(OutputFile.Content page) throws Exception {
        file().write(page);
    }

    private OutputFile file() {
        return new OutputFile("--html", file);
    }
}
