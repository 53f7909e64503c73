package io.tcplab.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class LadderTextTest {

    @Test
    void theDiagramIsAsItWas() throws IOException {
        Golden.assertSame("ladder.txt", new LadderText(100).brief(LadderSamples.eventful()));
    }

    @Test
    void noLineIsLongerThanTheTerminal() {
        for (int width : new int[] {80, 100}) {
            assertThat(new LadderText(width).whole(LadderSamples.eventful()).lines())
                    .allMatch(line -> line.length() < width);
        }
    }

    @Test
    void theWholeLeavesNothingOut() {
        assertThat(new LadderText(100).whole(LadderSamples.eventful()).lines())
                .filteredOn(line -> line.contains("len 10"))
                .hasSize(12);
    }

    @Test
    void aConnectionThatWasNeverOpenedIsToldSo() {
        assertThat(new LadderText(100).whole(LadderSamples.none())).isEqualTo("no such connection was opened\n");
    }
}
