package io.tcplab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.experiments.catalogue.Catalogue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CatalogueCommandsTest {
    @Test
    void listsEachExperimentOnALineOfItsOwn() {
        Invocation list = Invocation.of("list");
        assertThat(list.code()).isZero();
        assertThat(list.out().lines().map(line -> line.split(" ", 2)[0])).containsExactlyElementsOf(Catalogue.names());
    }

    static Iterable<String> names() {
        return Catalogue.names();
    }

    @ParameterizedTest
    @MethodSource("names")
    void explainsAllThatTheExperimentSaysOfItself(String name) {
        Invocation explain = Invocation.of("explain", name);
        var experiment = Catalogue.byName(name);
        assertThat(explain.code()).isZero();
        String words = explain.out().replaceAll("\\s+", " ");
        assertThat(words)
                .contains(experiment.story().summary())
                .contains(experiment.story().fault())
                .contains(experiment.story().control())
                .contains("(decides)")
                .contains("lab run " + name);
        assertThat(experiment.knobs())
                .allSatisfy(
                        knob -> assertThat(words).contains(knob.name() + "=").contains(knob.meaning()));
        assertThat(experiment.story().sysctls())
                .allSatisfy(sysctl -> assertThat(words).contains(sysctl));
        assertThat(words).doesNotContain("not in the lab's catalogue");
        assertThat(explain.out().lines())
                .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(100));
    }
}
