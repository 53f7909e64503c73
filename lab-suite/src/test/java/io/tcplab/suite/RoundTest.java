package io.tcplab.suite;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs modules as Maven leaves them, with {@link OneFails} as their tests. */
class RoundTest {
    private static final String CLASS = "io/tcplab/suite/OneFails.class";

    @TempDir
    private Path root = Path.of("");

    private final List<ModuleRun> told = new ArrayList<>();

    @BeforeEach
    void makeModules() throws IOException {
        for (String name : List.of("lab-one", "lab-two")) {
            Path target = root.resolve(name).resolve("target");
            Path file = target.resolve("test-classes").resolve(CLASS);
            Files.createDirectories(file.getParent());
            Files.copy(Path.of("target/test-classes", CLASS), file);
            Files.writeString(target.resolve("test.options"), "-cp " + System.getProperty("java.class.path"));
        }
    }

    @Test
    void aModuleThatFailsDoesNotHideTheOthers() throws Exception {
        Round round = run(Set.of("slow"));
        assertThat(told).hasSize(2).extracting(ModuleRun::exit).containsOnly(1);
        assertThat(round.results())
                .extracting(TestResult::name)
                .containsExactlyInAnyOrder(
                        "lab-one OneFails.fails()",
                        "lab-one OneFails.passes()",
                        "lab-two OneFails.fails()",
                        "lab-two OneFails.passes()");
        assertThat(round.count(Outcome.FAILED)).isEqualTo(2);
        assertThat(round.isGreen()).isFalse();
        assertThat(told.getFirst().summary()).startsWith("1 passed, 1 failed in ");
        assertThat(Log.tail(told.getFirst().log(), 1000)).anyMatch(line -> line.contains("[connections]"));
    }

    @Test
    void aJvmThatEndsBeforeItsTestsIsNoSuccess() throws Exception {
        Round round = run(Set.of());
        assertThat(round.isGreen()).isFalse();
        assertThat(told.getFirst().summary())
                .startsWith("0 passed, 0 failed in ")
                .endsWith("; its JVM ended with 3");
    }

    @Test
    void modulesThatHaveNoneOfTheNamedClassesAreNoFailure() throws Exception {
        Selection none = new Selection(List.of("Absent"), Set.of(), OptionalLong.empty());
        Round round = Round.of(TestModule.below(root), none, 2, root.resolve("reports"), told::add);
        assertThat(round.isGreen()).isTrue();
        assertThat(round.results()).isEmpty();
    }

    private Round run(Set<String> exclude) throws InterruptedException {
        Selection selection = new Selection(List.of("OneFails"), exclude, OptionalLong.empty());
        return Round.of(TestModule.below(root), selection, 2, root.resolve("reports"), told::add);
    }
}
