package io.tcplab.cli;

import io.tcplab.experiments.UsageException;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The option that says how many runs go side by side. */
final class JobsOption {
    @Option(
            names = "--jobs",
            paramLabel = "N",
            description = "Maximum number of parallel runs (default: the sandbox's limit).")
    private @Nullable Integer jobs;

    /** What the user wants; empty if that isn't said. */
    OptionalInt wanted() {
        if (jobs != null && jobs < 1) {
            throw new UsageException("--jobs " + jobs + ": must be 1 or more");
        }
        return jobs == null ? OptionalInt.empty() : OptionalInt.of(jobs);
    }
}
