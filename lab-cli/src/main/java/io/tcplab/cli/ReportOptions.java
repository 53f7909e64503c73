package io.tcplab.cli;

import io.tcplab.report.Json;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code --json} and {@code --html}: the result for a program, and to look at. */
final class ReportOptions {
    @Mixin
    private final JsonOption json = new JsonOption();

    @Option(
            names = "--html",
            paramLabel = "FILE",
            description = "Write the report as one HTML file, to look at in a browser; it needs no network.")
    private @Nullable Path html;

    /** See {@link JsonOption#forText}. */
    Screen forText(Screen screen) {
        return json.forText(screen);
    }

    /** The option alone, for what has no page. */
    JsonOption json() {
        return json;
    }

    /** See {@link OutputFile#check}. */
    void check() {
        json.check();
        html().check();
    }

    /** Writes what was asked for. */
    void write(Supplier<Json.Document> document, OutputFile.Content page) throws Exception {
        json.write(document);
        html().write(page);
    }

    private OutputFile html() {
        return new OutputFile("--html", html);
    }
}
