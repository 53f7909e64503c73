package io.tcplab.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Schema;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Ansi;

class ClaimsReportTest {
    private final Schema schema = Schemas.read("lab-claims-1.schema.json");

    @Test
    void itsJsonKeepsToItsSchemaAndItsGoldenFile() throws IOException {
        assertThat(Schemas.errors(schema, json())).isEmpty();
        Golden.assertSame("claims.json", json());
    }

    // A schema that lets everything pass would seal nothing.
    @ParameterizedTest
    @CsvSource({
        "lab/claims/1, lab/claims/2",
        "\"verdict\": \"true\", \"verdict\": \"yes\"",
        "\"bearing\": \"for\", \"bearing\": \"pro\"",
        "\"number\": 8, \"number\": 0"
    })
    void theSchemaRefusesWhatIsWrong(String right, String wrong) {
        Schemas.assertRefuses(schema, json(), right, wrong);
    }

    @Test
    void itsMarkdownEscapesWhatWouldEndACell() throws IOException {
        Golden.assertSame("claims.md", Written.text(to -> Markdown.write(ClaimsSamples.report(), to)));
    }

    @Test
    void forAPipeEachClaimIsALine() {
        List<String> lines = ClaimsText.lines(ClaimsSamples.report());
        assertThat(lines)
                .containsExactly(
                        "8: true: CLOSE_WAIT | lasts: stuck: 500 (close-wait-leak --set connections=9)",
                        "9: not-decidable: it piles up: close-wait-leak: 12 events were lost (close-wait-leak)",
                        "12: not-decidable: it was so before: no kernel at hand can tell");
        assertThat(ClaimsText.summary(ClaimsSamples.report())).isEqualTo("1 true, 2 not-decidable");
    }

    @Test
    void aTerminalGetsATableThatFitsAndTheSettings() {
        String table = ClaimsText.table(ClaimsSamples.report(), Help.defaultColorScheme(Ansi.OFF), 80);
        assertThat(table)
                .contains("  8  true           CLOSE_WAIT | lasts")
                .contains("close-wait-leak, client: net.ipv4.ip_local_port_range = 10000 10063")
                .contains("net.ipv4.tcp_fin_timeout = 5 (default 60)");
        assertThat(table.lines()).allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(80));
    }

    private static String json() {
        return Written.json(ClaimsJson.of(ClaimsSamples.report()));
    }
}
