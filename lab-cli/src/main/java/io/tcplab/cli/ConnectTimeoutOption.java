package io.tcplab.cli;

import io.tcplab.transport.Durations;
import java.time.Duration;
import picocli.CommandLine.Option;

/** {@code --connect-timeout} of a load. */
final class ConnectTimeoutOption {
    @Option(
            names = "--connect-timeout",
            paramLabel = "TIME",
            defaultValue = "0s",
            description = "Give up a connect after this time (default: never; the kernel ends it with ETIMEDOUT).")
    private String text = "0s";

    /**
     * Zero by default: none.
     *
     * @throws IllegalArgumentException if it isn't a duration
     */
    Duration timeout() {
        return Durations.parse(text);
    }
}
