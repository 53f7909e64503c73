package io.tcplab.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Schema;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Ansi;

class CompareReportTest {
    private final Schema schema = Schemas.read("lab-compare-1.schema.json");
    private final Locale before = Locale.getDefault();

    @AfterEach
    void restore() {
        Locale.setDefault(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"en-US", "de-DE", "ar-EG-u-nu-arab"})
    void itsFormatsAreTheSameInEveryLanguage(String language) throws IOException {
        Locale.setDefault(Locale.forLanguageTag(language));
        Golden.assertSame("compare.json", json());
        Golden.assertSame("compare.csv", Written.text(to -> CompareCsv.write(CompareSamples.report(), to)));
        Golden.assertSame("compare.md", Written.text(to -> Markdown.write(CompareSamples.report(), to)));
        Golden.assertSame("compare.txt", String.join("\n", CompareText.lines(CompareSamples.comparison())) + "\n");
    }

    @Test
    void itsJsonKeepsToItsSchema() {
        assertThat(Schemas.errors(schema, json())).isEmpty();
    }

    // A schema that lets everything pass would seal nothing.
    @ParameterizedTest
    @CsvSource({
        "lab/compare/1, lab/compare/2",
        "\"effect\": \"large\", \"effect\": \"huge\"",
        "\"sense\": \"better\", \"sense\": \"good\"",
        "\"name\": \"client.failed\", \"name\": \"failed\"",
        "\"bound\": \"throughput\", \"bound\": \"cpu\"",
        "\"delta\": -1, \"delta\": -2"
    })
    void theSchemaRefusesWhatIsWrong(String right, String wrong) {
        Schemas.assertRefuses(schema, json(), right, wrong);
    }

    @Test
    void machinesAreNamed() throws IOException {
        CompareReport report = CompareSamples.onMachines();
        String written = Written.json(CompareJson.of(report));
        assertThat(Schemas.errors(schema, written)).isEmpty();
        assertThat(written)
                .contains("\"name\": \"node-b\"", "\"problem\": \"node 2 (node-b) is lost: its connection ended\"");
        assertThat(Written.text(to -> CompareCsv.write(report, to)))
                .startsWith("experiment,setting,label,trial,measure,value,unit,counts,reason,node\n")
                .contains(",1,client.connect.p99,10.5,ms,true,,node-a\n", ",4,client.connect.p99,12,ms,true,,node-b\n");
        assertThat(CompareText.lines(report.comparisons().getFirst()))
                .contains(
                        "time-wait-storm: 3 settings, 5 trials each, one at a time on 2 machines, in 61.0 s (seed 7)",
                        "time-wait-storm: machine: node-a (Linux 6.18.44): 3 trials of each setting",
                        "time-wait-storm: machine: node-b (Linux 6.1.0): 2 trials of each setting, of which 3 of 6 runs ended;"
                                + " partial: node 2 (node-b) is lost: its connection ended");
        assertThat(report.summary()).endsWith("; partial: trials of a machine are missing");
        assertThat(json()).as("of one machine nothing is said").doesNotContain("nodes");
    }

    @Test
    void aTerminalGetsBarsAndFits() {
        String table = CompareText.table(CompareSamples.comparison(), Help.defaultColorScheme(Ansi.OFF), 120);
        assertThat(table)
                .contains("time-wait-storm: 3 settings, 5 trials each, one at a time, in 61.0 s (seed 7)")
                .containsPattern("range=10000 10999 +█{12} +2,000 always")
                .containsPattern("range=1 9, \"small\" +0 always +large, better: 0 connections instead of 2,000")
                .containsPattern("sandbox=host +- +no samples")
                .containsPattern("range=1 9, \"small\" +█{12} +∞ always")
                .contains("0 in every setting: server.resets")
                .contains("The figures contradict the known effect: it does nothing. See claims 26, 18.");
        assertThat(table.lines()).allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(120));
    }

    @Test
    void oneComparisonThatSaysNothingLeavesTheWholeOpen() {
        assertThat(CompareSamples.report().isTold()).isTrue();
        assertThat(new CompareReport("6.18", false, List.of(), List.of(), List.of()).isTold())
                .isFalse();
        assertThat(CompareSamples.report().summary()).isEqualTo("3 large, 3 no samples");
    }

    private static String json() {
        return Written.json(CompareJson.of(CompareSamples.report()));
    }
}
