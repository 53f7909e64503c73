package io.tcplab.suite;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SoakTest {
    private static final String MODULE = "lab-client";

    @Test
    void roundsThatAreGreenLeaveNothingToTell() {
        assertThat(Soak.differences(List.of(round(1, passed("A.a()")), round(2, passed("A.a()")))))
                .isEmpty();
    }

    @Test
    void aTestThatFailedOnceIsToldWithItsRoundAndSeed() {
        List<Round> rounds =
                List.of(round(7, passed("A.a()")), round(8, failed("A.a()", "expected 20")), round(9, passed("A.a()")));
        assertThat(Soak.differences(rounds))
                .containsExactly("lab-client A.a(): passed 2 times; failed: expected 20 in round 2 (seed 8)");
    }

    @Test
    void aTestThatFailedInEveryRoundIsTold() {
        assertThat(Soak.differences(List.of(round(1, failed("A.a()", "no")), round(2, failed("A.a()", "no")))))
                .containsExactly("lab-client A.a(): failed: no in round 1 (seed 1), round 2 (seed 2)");
    }

    @Test
    void aTestThatDidNotRunIsTold() {
        assertThat(Soak.differences(List.of(round(1, passed("A.a()")), round(2))))
                .containsExactly("lab-client A.a(): passed 1 times; didn't run in round 2 (seed 2)");
    }

    @Test
    void ofTwoWithTheSameNameTheOneThatFailedCounts() {
        List<Round> rounds = List.of(round(1, failed("A.a()", "no"), passed("A.a()")), round(2, passed("A.a()")));
        assertThat(Soak.differences(rounds))
                .containsExactly("lab-client A.a(): failed: no in round 1 (seed 1); passed 1 times");
    }

    private static TestResult passed(String test) {
        return new TestResult(MODULE, test, Outcome.PASSED, 0.1, "");
    }

    private static TestResult failed(String test, String message) {
        return new TestResult(MODULE, test, Outcome.FAILED, 0.1, message);
    }

    private static Round round(long seed, TestResult... results) {
        TestModule module = new TestModule(Path.of(MODULE));
        ModuleRun run = new ModuleRun(module, Arrays.asList(results), 0, Duration.ZERO, Path.of("log"));
        return new Round(
                new Selection(List.of(), Set.of(), OptionalLong.of(seed)), List.of(run), Duration.ofSeconds(1));
    }
}
