package io.tcplab.cli;

import io.tcplab.report.Json;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** {@code --json FILE|-}. */
final class JsonOption {
    private static final String STANDARD_OUTPUT = "-";

    @Option(
            names = "--json",
            paramLabel = "FILE",
            description = "Write the report as JSON; `-` is standard output, then everything else goes to standard"
                    + " error.")
    private @Nullable String destination;

    boolean isStandardOutput() {
        return STANDARD_OUTPUT.equals(destination);
    }

    /** See {@link OutputFile#check}. */
    void check() {
        file().check();
    }

    /** Writes it where it was wanted, if it was. */
    void write(Supplier<Json.Document> document) throws Exception {
        if (isStandardOutput()) {
            // JSON is UTF-8 whatever the locale says.
            Writer out = new OutputStreamWriter(System.out, StandardCharsets.UTF_8);
            Json.write(document.get(), out);
            out.flush();
        } else {
            file().write(to -> Json.write(document.get(), to));
        }
    }

    private OutputFile file() {
        return new OutputFile("--json", destination == null || isStandardOutput() ? null : Path.of(destination));
    }
}
