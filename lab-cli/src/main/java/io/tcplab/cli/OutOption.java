package io.tcplab.cli;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The option that says where results are kept. */
final class OutOption {
    @Option(
            names = "--out",
            paramLabel = "DIR",
            defaultValue = "lab-results",
            description = "Where to create the results folder (default: ${DEFAULT-VALUE}).")
    private Path out = Path.of("lab-results");

    Path folder() {
        return out;
    }
}
