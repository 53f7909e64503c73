package io.tcplab.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.report.StatesSparks.Area;
import io.tcplab.report.StatesSparks.Spark;
import org.junit.jupiter.api.Test;

class StatesSparksTest {
    private static final StatesChart CHART = StatesChart.of(Samples.confirmed()).orElseThrow();
    private static final StatesSparks SPARKS = StatesSparks.of(CHART);

    @Test
    void theClientStandsLeftAndTheServerRight() {
        assertThat(SPARKS.sparks()).extracting(Spark::x).containsExactly(0, StatesSparks.WIDTH + StatesSparks.GAP);
        assertThat(SPARKS.sparks()).extracting(Spark::y).containsOnly(0);
    }

    @Test
    void statesAreStepsOnTheScaleOfTheWhole() {
        assertThat(SPARKS.sparks().getFirst().areas())
                .containsExactly(
                        // Both, up to all 500; half a second of 250 in ESTABLISHED, then none.
                        new Area("fin-wait-2", "M0 20H22V10H46V0H100V20Z"),
                        new Area("established", "M0 20H22V10H48V20H100V20Z"));
    }

    @Test
    void sayTheSameAsTheLargeChart() {
        assertThat(SPARKS.words()).isEqualTo(CHART.words()).contains("server, fault: ESTABLISHED up to 250");
    }
}
