package io.tcplab.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Schema;
import io.tcplab.experiments.Measurement;
import io.tcplab.experiments.run.ArmFigures;
import io.tcplab.experiments.run.RunResult;
import io.tcplab.kernel.memory.ProcessMemory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RunJsonTest {
    private final Schema schema = Schemas.read("lab-run-1.schema.json");

    @Test
    void keepsToItsSchema() {
        assertThat(errors(json(Samples.report()))).isEmpty();
    }

    @Test
    void keepsToItsSchemaWhenNothingRan() {
        RunReport interrupted = new RunReport("6.18.44", "host", -1, true, true, List.of());
        assertThat(errors(json(interrupted))).isEmpty();
    }

    @Test
    void saysHowMuchMemoryTheLabTookWhereThatIsKnown() {
        RunReport known =
                new RunReport("6.18.44", "host", 1, false, false, Optional.of(new ProcessMemory(200, 100)), List.of());
        assertThat(errors(json(known))).isEmpty();
        assertThat(json(known)).contains("\"peakResident\": 200", "\"peakHeap\": 100");
        assertThat(json(Samples.report())).doesNotContain("\"memory\"");
    }

    @Test
    void soDoesTheManualsExample() throws IOException {
        String manual = Files.readString(Path.of("../docs/cli.md"));
        int begin = manual.indexOf("```json") + "```json".length();
        assertThat(errors(manual.substring(begin, manual.indexOf("```", begin))))
                .isEmpty();
    }

    @Test
    void writesNullForAFigureThatIsNone() {
        RunResult nan = Samples.confirmed(
                Map.of("client.rate", new Measurement(Double.NaN, "connections/s")),
                ArmFigures.none(),
                ArmFigures.none());
        String json = json(new RunReport("6.18.44", "host", 1, false, false, List.of(nan)));
        assertThat(json).contains("\"value\": null");
        assertThat(errors(json)).isEmpty();
    }

    // A schema that lets everything pass would seal nothing.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"schema\": \"lab/run/1\"|\"schema\": \"lab/run/2\"",
                "\"verdict\": \"confirmed\"|\"verdict\": \"passed\"",
                "\"arm\": \"control\"|\"arm\": \"none\"",
                "\"seconds\": 2.1|\"seconds\": \"2.1\"",
                "\"trial\": 1|\"trial\": 0",
                "\"decides\": true,|''",
                "\"reason\": \"12 events were lost\"|\"reason\": \"\""
            })
    void theSchemaRefusesWhatIsWrong(String right, String wrong) {
        Schemas.assertRefuses(schema, json(Samples.report()), right, wrong);
    }

    private List<String> errors(String json) {
        return Schemas.errors(schema, json);
    }

    private static String json(RunReport report) {
        return Written.json(RunJson.of(report));
    }
}
