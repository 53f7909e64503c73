package io.tcplab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.experiments.catalogue.Catalogue;
import io.tcplab.experiments.catalogue.Claims;
import io.tcplab.experiments.claims.Claim;
import java.util.List;
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

    static List<Integer> claims() {
        return Claims.all().stream().map(Claim::number).toList();
    }

    @ParameterizedTest
    @MethodSource("claims")
    void explainsWhatSpeaksForAClaimAndAgainstIt(int number) {
        Invocation explain = Invocation.of("explain", Integer.toString(number));
        Claim claim = Claims.byNumber(number);
        assertThat(explain.code()).isZero();
        String words = explain.out().replaceAll("\\s+", " ");
        assertThat(words).contains(claim.text()).contains(claim.background().replaceAll("\\s+", " "));
        assertThat(claim.points())
                .allSatisfy(
                        point -> assertThat(words).contains(point.expectation().statement()));
    }

    @Test
    void anUnknownClaimIsAUsageError() {
        assertThat(Invocation.of("explain", "99").code()).isEqualTo(64);
        assertThat(Invocation.of("claims", "99").code()).isEqualTo(64);
        assertThat(Invocation.of("claims", "99").err()).contains("1 to 34");
    }
}
