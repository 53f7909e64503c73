package io.tcplab.cli;

import java.util.OptionalLong;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The option that repeats the random choices of an earlier run. */
final class SeedOption {
    private static final int SEEDS = 1_000_000;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Seed for the order of runs and other random choices; the report has the seed that was used.")
    private @Nullable Long seed;

    /** What the user wants; empty if that isn't said. */
    OptionalLong wanted() {
        return seed == null ? OptionalLong.empty() : OptionalLong.of(seed);
    }

    /** That, or another one each time. */
    long orRandom() {
        return seed == null ? ThreadLocalRandom.current().nextInt(SEEDS) : seed;
    }
}
