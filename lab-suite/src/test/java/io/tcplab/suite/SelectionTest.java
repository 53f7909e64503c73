package io.tcplab.suite;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ExecutionMode;

class SelectionTest {
    private static final String LONGEST_FIRST =
            "--config=junit.jupiter.testclass.order.default=io.tcplab.suite.LongestFirst";
    private static final Selection ALL = new Selection(List.of(), Set.of(), OptionalLong.empty());

    @Test
    void allThatMavenWouldRunIsRunWhereNothingIsNamed() {
        assertThat(ALL.options()).containsExactly("--include-classname=.*(Test|IT)");
    }

    @Test
    void aClassIsNamedWithoutItsPackageAndPerhapsInPart() {
        Selection some = new Selection(List.of("FailuresTest", "Docker*"), Set.of(), OptionalLong.empty());
        assertThat(some.options())
                .containsExactly("--include-classname=(.*[.$])?FailuresTest", "--include-classname=(.*[.$])?Docker.*");
    }

    @Test
    void whatIsLeftOutIsNamedByItsTag() {
        Selection quick = new Selection(List.of(), Set.of("slow", "docker"), OptionalLong.empty());
        assertThat(quick.options()).contains("--exclude-tag=docker", "--exclude-tag=slow");
    }

    @Test
    void anOrderIsThatOfItsSeed() {
        assertThat(ALL.inOrderOf(12).options())
                .contains(
                        LONGEST_FIRST,
                        "--config=junit.jupiter.execution.order.random.seed=12",
                        "--config=junit.jupiter.testmethod.order.default=io.tcplab.suite.ShuffledMethods");
    }

    /** JUnit's own random order would have the zoo's specimens wait for each other: a round took twice as long. */
    @Test
    void methodsOfAnyOrderRunSideBySide() {
        assertThat(new MethodOrderer.Random().getDefaultExecutionMode()).contains(ExecutionMode.SAME_THREAD);
        assertThat(new ShuffledMethods().getDefaultExecutionMode()).isEmpty();
    }
}
