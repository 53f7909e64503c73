package io.tcplab.report;

import java.io.IOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole pictures, of what real kernels did: losses, silences and counters; a segment held, and one that no host sent. */
class LadderSvgTest {
    @ParameterizedTest
    @ValueSource(strings = {"lost-final-ack", "stale-syn"})
    void drawsWhatWasRecorded(String experiment) throws IOException {
        Golden.assertSame(experiment + ".svg", LadderSvg.of(RecordedLadder.of(experiment), experiment));
    }
}
