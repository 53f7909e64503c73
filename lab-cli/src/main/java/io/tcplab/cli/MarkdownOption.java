package io.tcplab.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** {@code --markdown FILE}. */
final class MarkdownOption {
    @Option(names = "--markdown", paramLabel = "FILE", description = "Write the report as Markdown.")
    private @Nullable Path path;

    OutputFile file() {
        return new OutputFile("--markdown", path);
    }
}
