package io.tcplab.experiments;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ObservationTest {
    private static final Expectation ENDS =
            Expectation.deciding(Role.CLIENT, Source.SOCK_DIAG, "FIN_WAIT_2 ends by tcp_fin_timeout");

    @Test
    void aTimeHasOneDecimalAndWhatNeverHappenedNone() {
        assertThat(Observation.of(ENDS, Expected.seconds(4.8, 5.3), 5.06).observed())
                .isEqualTo("5.1");
        assertThat(Observation.of(ENDS, Expected.seconds(4.8, 5.3), Double.POSITIVE_INFINITY))
                .satisfies(never -> assertThat(never.observed()).isEqualTo("never"))
                .satisfies(never -> assertThat(never.holds()).contains(false));
        assertThat(Observation.of(ENDS, Expected.times(List.of(1.0, 3.0), 5), List.of(1.02, Double.POSITIVE_INFINITY))
                        .observed())
                .isEqualTo("[1.0, never]");
    }
}
