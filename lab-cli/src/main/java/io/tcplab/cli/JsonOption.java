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

    /** Where text goes: to standard error if JSON takes standard output. */
    Screen forText(Screen screen) {
        return isStandardOutput() ? screen.onlyErr() : screen;
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

    /** Writes it where it was wanted, if it was; and prints the result as text, unless JSON takes standard output. */
    void write(Supplier<Json.Document> document, Screen screen, Runnable text) throws Exception {
        write(document);
        if (!isStandardOutput()) {
            text.run();
        }
        screen.out().flush();
    }

    private OutputFile file() {
        return new OutputFile("--json", destination == null || isStandardOutput() ? null : Path.of(destination));
    }
}
