package io.tcplab.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.experiments.Role;
import io.tcplab.kernel.sockets.TcpState;
import org.junit.jupiter.api.Test;

class SparklineTest {
    @Test
    void drawsInProportionToTheHighest() {
        assertThat(Sparkline.draw(new int[] {0, 1, 2, 3, 4, 5, 6, 7, 8})).isEqualTo(" ▁▂▃▄▅▆▇█");
    }

    @Test
    void littleIsNeverBlank() {
        assertThat(Sparkline.draw(new int[] {0, 1, 1_000_000})).isEqualTo(" ▁█");
    }

    @Test
    void drawsCountsThatWouldOverflowAnInt() {
        assertThat(Sparkline.draw(new int[] {Integer.MAX_VALUE, Integer.MAX_VALUE / 2}))
                .isEqualTo("█▄");
    }

    @Test
    void nothingIsBlank() {
        assertThat(Sparkline.draw(new int[] {0, 0})).isEqualTo("  ");
    }

    @Test
    void aSampleStandsUntilTheNextOne() {
        assertThat(Sparkline.columns(Samples.timeline(), Role.CLIENT, TcpState.ESTABLISHED, 2, 8))
                .containsExactly(0, 0, 250, 250, 250, 0, 0, 0);
        assertThat(Sparkline.columns(Samples.timeline(), Role.CLIENT, TcpState.FIN_WAIT2, 2, 8))
                .containsExactly(0, 0, 0, 0, 500, 500, 500, 500);
    }

    @Test
    void aPeakWithinAColumnIsNotLost() {
        assertThat(Sparkline.columns(Samples.timeline(), Role.SERVER, TcpState.ESTABLISHED, 100, 2))
                .containsExactly(250, 0);
    }

    @Test
    void aSampleAfterTheEndCountsAsTheEnd() {
        assertThat(Sparkline.columns(Samples.timeline(), Role.CLIENT, TcpState.FIN_WAIT2, 0.9, 3))
                .containsExactly(0, 0, 500);
    }
}
