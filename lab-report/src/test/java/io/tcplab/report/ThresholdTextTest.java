package io.tcplab.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.compare.threshold.Threshold;
import io.tcplab.compare.threshold.ThresholdResult;
import io.tcplab.compare.threshold.Thresholds;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Ansi;

/** Thresholds held against a comparison whose third setting could not be measured. */
class ThresholdTextTest {
    private static final List<ThresholdResult> RESULTS = Thresholds.judge(
            Stream.of(
                            "client.failed > 0",
                            "median(client.connect.p99) > 20.75 ms in range=1 9, \"small\"",
                            "client.connect.p99 > 100",
                            "client.end >= 5 s in range=1 9, \"small\"",
                            "port-exhaustion/client.again > 0")
                    .map(Threshold::parse)
                    .toList(),
            List.of(CompareSamples.comparison()));
    private static final CompareReport REPORT =
            new CompareReport("6.18.44", false, List.of(CompareSamples.comparison()), RESULTS, List.of());

    @Test
    void eachIsALine() {
        assertThat(ThresholdText.lines(RESULTS, Help.defaultColorScheme(Ansi.OFF)))
                .containsExactly(
                        "threshold broken: client.failed > 0: time-wait-storm: range=10000 10999: 2000 connections",
                        "threshold held: median(client.connect.p99) > 20.75 ms in range=1 9, \"small\": time-wait-storm",
                        "threshold inconclusive: client.connect.p99 > 100: time-wait-storm: sandbox=host: no trial"
                                + " measured"
                                + " it (nothing is changed here)",
                        // What never happened is longer than anything.
                        "threshold broken: client.end >= 5 s in range=1 9, \"small\": time-wait-storm: range=1 9,"
                                + " \"small\": ∞ s",
                        "threshold inconclusive: port-exhaustion/client.again > 0: port-exhaustion: no experiment"
                                + " that measures it was run");
    }

    @Test
    void theirJsonKeepsToTheSchema() {
        String json = Written.json(CompareJson.of(REPORT));
        var schema = Schemas.read("lab-compare-1.schema.json");
        assertThat(Schemas.errors(schema, json)).isEmpty();
        assertThat(json).contains("\"outcome\": \"broken\"");
        assertThat(Schemas.errors(schema, json.toString().replace("\"broken\"", "\"failed\"")))
                .isNotEmpty();
    }

    @Test
    void aPullRequestIsToldToo() throws IOException {
        assertThat(Written.text(to -> Markdown.write(REPORT, to)))
                .contains("## Thresholds\n\n- broken: `client.failed > 0`: time-wait-storm: range=10000 10999:");
    }
}
