package io.tcplab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.diagnose.causes.Reproduction;
import io.tcplab.experiments.catalogue.Catalogue;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a diagnosis advises to run can be run. The two modules know nothing of each other; only this one sees both. */
class ReproductionTest {
    @ParameterizedTest
    @EnumSource
    void isInTheCatalogue(Reproduction reproduction) {
        assertThat(Catalogue.names()).contains(reproduction.experiment());
    }
}
