package io.tcplab.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class PlainReportTest {
    @Test
    void eachLineIsWholeInItself() {
        assertThat(PlainReport.lines(Samples.confirmed()))
                .containsExactly(
                        "close-wait-leak: confirmed in 2.1 s",
                        "close-wait-leak: confirmed: every connection is stuck in CLOSE_WAIT (fault, server, sock_diag):"
                                + " expected = 500, observed 500",
                        "close-wait-leak: confirmed: every connection is stuck in CLOSE_WAIT (control, server,"
                                + " sock_diag): expected not = 500, observed 0",
                        "close-wait-leak: confirmed: FIN_WAIT_2 ends by tcp_fin_timeout (fault, client, transitions):"
                                + " expected 5.0 s ± 5 %, observed 5.10");
    }

    @Test
    void tellsTheReasonWhereThereIsNoEvidence() {
        assertThat(PlainReport.lines(Samples.inconclusive()))
                .contains("time-wait-storm: inconclusive in 0.1 s: 12 events were lost")
                .contains(
                        "time-wait-storm: inconclusive: ten state changes each (fault, server, transitions): 12 events"
                                + " were lost");
    }

    @Test
    void tellsOnceWhyNothingWasSeen() {
        assertThat(PlainReport.lines(Samples.notStarted()))
                .singleElement()
                .asString()
                .startsWith("lost-final-ack: inconclusive in 0.0 s: the run needs the wire, ");
    }

    @Test
    void numbersTheTrialsAfterTheFirst() {
        assertThat(PlainReport.lines(Samples.refuted()).getFirst()).startsWith("linger-reset #2: refuted in 10.0 s: ");
    }

    @Test
    void sumsUpByVerdict() {
        assertThat(PlainReport.summary(Samples.report())).isEqualTo("1 confirmed, 1 refuted, 1 inconclusive");
        assertThat(PlainReport.summary(new RunReport("6.18.44", "host", 1, false, true, List.of())))
                .isEqualTo("no run finished, then interrupted");
    }
}
