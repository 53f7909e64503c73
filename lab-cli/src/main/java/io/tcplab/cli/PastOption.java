package io.tcplab.cli;

import io.tcplab.report.PastResults;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The option that says where earlier results are. */
final class PastOption {
    @Option(
            names = "--out",
            paramLabel = "DIR",
            defaultValue = "lab-results",
            description = "Where the results are: what --out was when they were made (default: ${DEFAULT-VALUE}).")
    private Path out = Path.of("lab-results");

    PastResults results() {
        return new PastResults(out);
    }
}
