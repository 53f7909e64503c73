package io.tcplab.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.kernel.sockets.TcpState;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StormTextTest {
    @Test
    void aRowForEachClientAllOfThemAndTheServersKernel() throws Exception {
        Golden.assertSame("storm.txt", StormText.table(StormSamples.whole()));
    }

    @Test
    void saysWhichClientIsMissingAndWhy() throws Exception {
        Golden.assertSame("storm-partial.txt", StormText.table(StormSamples.partial()));
    }

    @Test
    void saysWhereTheKernelCountedSomethingElse() {
        assertThat(StormText.table(StormSamples.differing()))
                .contains(
                        "(TcpPassiveOpens): -10 compared with the clients",
                        "TcpExtListenOverflows 7",
                        "partial: the clients established 2,400 connections, the server's kernel counted 2,390");
    }

    @Test
    void goesWithoutTheServersRowWhereThatIsLost() {
        assertThat(StormText.table(StormSamples.withoutServer()))
                .contains("partial: the server (node-a) is lost")
                .doesNotContain("TcpPassiveOpens");
    }

    @Test
    void tellsHowItGoesByWhatTheServersKernelSays() {
        assertThat(StormText.line(2.5, Map.of(TcpState.LISTEN, 1, TcpState.ESTABLISHED, 1200)))
                .isEqualTo(" 2.5 s  server: ESTABLISHED 1,200");
    }
}
