package io.tcplab.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tcplab.compare.run.Sample;
import io.tcplab.experiments.Measurement;
import io.tcplab.experiments.Role;
import io.tcplab.experiments.Verdict;
import io.tcplab.experiments.run.MeasuredRun;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Samples on their way from one lab to another. */
class SamplesJsonTest {
    private static final MeasuredRun RUN = new MeasuredRun(
            Map.of(
                    "client.connect.p99", new Measurement(1.0 / 3, "ms"),
                    "client.end", new Measurement(Double.POSITIVE_INFINITY, "s")),
            Map.of("server.resets", "this user may not trace"),
            Optional.of(Verdict.REFUTED),
            Map.of(Role.CLIENT, Map.of("net.ipv4.tcp_tw_reuse", "2"), Role.SERVER, Map.of()),
            List.of("client net.ipv4.tcp_fin_timeout"),
            "",
            2.5);

    @Test
    void arriveAsTheyWere() throws IOException {
        List<Sample> sent = List.of(
                new Sample(1, 1, RUN, List.of("the generator was late")),
                new Sample(
                        2,
                        1,
                        new MeasuredRun(
                                Map.of(),
                                Map.of(),
                                Optional.empty(),
                                Map.of(Role.CLIENT, Map.of(), Role.SERVER, Map.of()),
                                List.of(),
                                "no \"evidence\"",
                                0),
                        List.of()));
        StoredReport arrived = StoredReport.parse(Written.json(SamplesJson.of("6.1.0", false, sent)));
        assertThat(SamplesJson.samples(arrived, 0)).isEqualTo(sent);
        assertThat(SamplesJson.samples(arrived, 4)).extracting(Sample::setting).containsExactly(5, 6);
    }

    @Test
    void comeAsTextFromAnotherMachine() throws IOException {
        Sample sent = new Sample(2, 1, RUN, List.of());
        SamplesJson.Arrived arrived = SamplesJson.read(Written.json(SamplesJson.of("6.1.0", false, List.of(sent))));
        assertThat(arrived).isEqualTo(new SamplesJson.Arrived("6.1.0", List.of(sent)));
        assertThat(arrived.samples().getFirst().on("node-b", 3))
                .isEqualTo(new Sample(2, 4, RUN, List.of(), Optional.of("node-b")));
        assertThatThrownBy(() -> SamplesJson.read("{}")).isInstanceOf(IOException.class);
    }

    @Test
    void areNoneWhereTheGuestWroteNone() throws IOException {
        assertThat(SamplesJson.samples(StoredReport.parse("{}"), 0)).isEmpty();
    }
}
