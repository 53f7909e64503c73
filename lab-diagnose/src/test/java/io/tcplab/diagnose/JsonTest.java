package io.tcplab.diagnose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.tcplab.kernel.sockets.TcpState;
import java.io.InputStream;
import java.io.StringWriter;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What other programs read. */
class JsonTest {
    private static final Diagnosis DIAGNOSIS = Looks.unchanged(
            Sockets.listener(0, 5),
            Sockets.accepted(TcpState.CLOSE_WAIT, 1, 9_000).row());

    @Test
    void aDiagnosisKeepsToItsSchemaAndIsReadBack() throws Exception {
        StringWriter json = new StringWriter();
        DiagnosisJson.write(DIAGNOSIS, json);
        assertThat(errors("lab-diagnose-1.schema.json", json.toString())).isEmpty();
        assertThat(DiagnosisJson.read(json.toString())).isEqualTo(DIAGNOSIS);
    }

    @Test
    void soDoesOneWithoutSockets() throws Exception {
        Diagnosis empty = new Looks().after(Duration.ZERO, List.of()).diagnosis();
        StringWriter json = new StringWriter();
        DiagnosisJson.write(empty, json);
        assertThat(errors("lab-diagnose-1.schema.json", json.toString())).isEmpty();
        assertThat(DiagnosisJson.read(json.toString())).isEqualTo(empty);
    }

    @Test
    void theSchemaRefusesWhatItDoesNotKnow() throws Exception {
        StringWriter json = new StringWriter();
        DiagnosisJson.write(DIAGNOSIS, json);
        String wrong = json.toString().replace("\"certainty\": \"likely\"", "\"certainty\": \"sure\"");
        assertThat(errors("lab-diagnose-1.schema.json", wrong)).isNotEmpty();
    }

    @Test
    void aCheckKeepsToItsSchema() throws Exception {
        Look look = new Looks()
                .after(Duration.ZERO, List.of(Sockets.listener(0, 5)))
                .look();
        Check check = Check.of(look, List.of(Threshold.parse("CLOSE_WAIT=0"), Threshold.parse("fds=9")), Duration.ZERO);
        StringWriter json = new StringWriter();
        CheckJson.write(check, json);
        assertThat(errors("lab-check-1.schema.json", json.toString())).isEmpty();
        assertThat(json.toString()).contains("\"last\": null");
    }

    @Test
    void somethingElseIsRefused() {
        assertThatThrownBy(() -> DiagnosisJson.read("{\"schema\": \"lab/run/1\"}"))
                .hasMessageContaining("lab/run/1");
        assertThatThrownBy(() -> DiagnosisJson.read("no JSON")).isInstanceOf(IllegalArgumentException.class);
    }

    private static List<?> errors(String schema, String json) throws Exception {
        try (InputStream file = Objects.requireNonNull(DiagnosisJson.class.getResourceAsStream(schema))) {
            Schema read = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                    .getSchema(file);
            return read.validate(json, InputFormat.JSON);
        }
    }
}
