package io.tcplab.suite;

import java.util.Optional;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** JUnit's random order of methods, but side by side where they are without it: JUnit's own lets them run one after the other. */
public final class ShuffledMethods extends MethodOrderer.Random {
    @Override
    public Optional<ExecutionMode> getDefaultExecutionMode() {
        return Optional.empty();
    }
}
