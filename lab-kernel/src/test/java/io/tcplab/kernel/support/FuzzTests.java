package io.tcplab.kernel.support;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Any bytes into each of a class's decoders, which its method {@code static List<FuzzTarget> targets()} lists:
 * {@code scripts/torture jazzer} looks for that method, too.
 */
public abstract class FuzzTests {
    @ParameterizedTest
    @MethodSource("targets")
    void takesAnyBytes(FuzzTarget target) {
        assertThat(Fuzz.failures(target)).isEmpty();
    }
}
