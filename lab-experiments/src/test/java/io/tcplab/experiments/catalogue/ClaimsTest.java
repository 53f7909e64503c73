package io.tcplab.experiments.catalogue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tcplab.experiments.Experiment;
import io.tcplab.experiments.KnobValues;
import io.tcplab.experiments.UsageException;
import io.tcplab.experiments.claims.Claim;
import io.tcplab.experiments.claims.Point;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ClaimsTest {
    static List<Claim> claims() {
        return Claims.all();
    }

    @Test
    void areNumberedWithoutGaps() {
        assertThat(Claims.all())
                .extracting(Claim::number)
                .containsExactlyElementsOf(IntStream.rangeClosed(1, 34).boxed().toList());
    }

    @Test
    void onlyTheOneOfAnotherAgeIsUndecidable() {
        assertThat(Claims.all())
                .filteredOn(claim -> !claim.decidable())
                .extracting(Claim::number)
                .containsExactly(12);
    }

    @ParameterizedTest
    @MethodSource("claims")
    void restOnWhatTheirExperimentsExpect(Claim claim) {
        assertThat(claim.points()).allSatisfy(point -> {
            Experiment experiment = point.run().experiment();
            KnobValues knobs = KnobValues.of(
                    point.run().name(), experiment.knobs(), point.run().settings());
            assertThat(experiment.expectations(knobs)).contains(point.expectation());
            assertThat(Catalogue.names()).contains(point.run().name());
        });
        assertThat(claim.points()).extracting(Point::measure).doesNotContain("").doesNotHaveDuplicates();
    }

    @Test
    void anUnknownNumberIsToldWithTheKnownOnes() {
        assertThatThrownBy(() -> Claims.byNumber(35))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("1 to 34");
    }
}
