package io.tcplab.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.tcplab.report.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What {@code lab run --json} wrote, read by the schema that users get. */
record Report(JsonNode json) {

    /** Reads text that is the report, the whole report, and nothing but the report. */
    static Report of(String text) throws IOException {
        assertThat(schema().validate(text, InputFormat.JSON)).isEmpty();
        return new Report(JsonMapper.builder().build().readTree(text));
    }

    /** Experiment to verdict. */
    Map<String, String> verdicts() {
        return runs().stream()
                .collect(Collectors.toMap(
                        run -> run.get("experiment").asString(),
                        run -> run.get("verdict").asString()));
    }

    List<JsonNode> runs() {
        return list(json.get("runs"));
    }

    /** What the verdict rests on, in one of the arms: expectation to what was observed. */
    static Map<String, String> observed(JsonNode run, String arm) {
        return list(run.get("expectations")).stream()
                .filter(each -> each.get("decides").asBoolean())
                .filter(each -> each.get("arm").asString().equals(arm))
                .collect(Collectors.toMap(
                        each -> each.get("name").asString(),
                        each -> each.get("observed").asString()));
    }

    private static List<JsonNode> list(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false).toList();
    }

    private static Schema schema() throws IOException {
        try (InputStream text = Objects.requireNonNull(Json.class.getResourceAsStream("lab-run-1.schema.json"))) {
            return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                    .getSchema(new String(text.readAllBytes(), StandardCharsets.UTF_8), InputFormat.JSON);
        }
    }
}
