package io.tcplab.cli.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.tcplab.report.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A storm as a user starts it, on a swarm of one node: its figures, its errors, and that nothing of it remains however it ends. */
@Tag("docker")
@ResourceLock("containers")
class StormIT {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final List<Integer> SHARES = List.of(334, 333, 333);

    private static final TestSwarm SWARM = new TestSwarm();

    @TempDir
    private static Path before = Path.of("");

    @TempDir
    private Path temporary = Path.of("");

    @BeforeAll
    static void join() throws Exception {
        SWARM.join(() -> {
            try (Program storm = Program.start(before, "storm", "--on", "swarm")) {
                Program.Ended ended = storm.awaitEnd();
                assertThat(ended.code()).isEqualTo(2);
                assertThat(ended.err())
                        .contains("no storm can be started: this engine is in no swarm", "docker swarm init");
            }
        });
    }

    @AfterAll
    static void leave() throws Exception {
        SWARM.leave();
    }

    @Test
    void theClientsTogetherDidWhatTheServersKernelCounted() throws Exception {
        try (Program storm = start("--clients", "3", "--count", "1000", "--json", "-", "--out", "kept")) {
            Program.Ended ended = storm.awaitEnd();
            JsonNode report = json(ended.outOf(0));

            assertThat(report.get("verdict").asString()).isEqualTo("whole");
            assertThat(report.get("clients"))
                    .extracting(client -> client.get("load").get("completed").asInt())
                    .containsExactlyElementsOf(SHARES);
            assertThat(report.get("clients"))
                    .extracting(client ->
                            client.get("counters").get("TcpActiveOpens").asInt())
                    .containsExactlyElementsOf(SHARES);
            assertThat(report.get("sum").get("connected").asInt()).isEqualTo(1000);
            assertThat(report.get("sum").get("completionLatency").get("count").asInt())
                    .isEqualTo(1000);
            assertThat(report.get("server")
                            .get("counters")
                            .get("TcpPassiveOpens")
                            .asInt())
                    .isEqualTo(1000);
            assertThat(report.get("comparison").get("verdict").asString()).isEqualTo("agree");
            assertThat(temporary.resolve("kept/latest/storm.json")).hasContent(ended.out());
            assertThat(TestSwarm.left(storm)).isEmpty();
        }
    }

    @Test
    void aKilledClientMakesTheResultPartial() throws Exception {
        try (Program storm = start("--clients", "2", "--load", "hold", "--count", "20", "--for", "8s", "--json", "-")) {
            storm.awaitErr("2 clients begin");
            // The lab ends the hold, so that while it is stopped no client can be done before it is killed.
            storm.signal("STOP");
            Docker.call(List.of("docker", "kill", TestSwarm.task(storm, "-client.2.")))
                    .outOf(0);
            storm.signal("CONT");

            Program.Ended ended = storm.awaitEnd();
            JsonNode report = json(ended.outOf(2));
            assertThat(report.get("verdict").asString()).isEqualTo("partial");
            assertThat(report.get("comparison").get("verdict").asString()).isEqualTo("not compared");
            assertThat(report.get("clients").get(0).get("load").get("completed").asInt())
                    .isEqualTo(10);
            assertThat(report.get("clients").get(1).get("lost").asString())
                    .contains("client 2 (", "is lost", "Swarm says: task 2 is failed", "137");
            assertThat(ended.err()).contains("partial: client 2 (");
            assertThat(TestSwarm.left(storm)).isEmpty();
        }
    }

    @Test
    void nothingIsLeftOfAKilledStorm() throws Exception {
        try (Program storm = start("--clients", "2", "--load", "hold", "--count", "20", "--for", "1h")) {
            storm.awaitErr("2 clients begin");
            assertThat(TestSwarm.left(storm)).isNotEmpty();
            storm.signal("KILL");

            assertThat(storm.awaitEnd().code()).isEqualTo(137);
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(TestSwarm.left(storm)).isEmpty());
        }
    }

    @Test
    void saysWhatIsMissingBeforeItStarts() throws Exception {
        try (Program storm = start("--image", "tcplab/no-such-image:dev")) {
            Program.Ended ended = storm.awaitEnd();
            assertThat(ended.code()).isEqualTo(2);
            assertThat(ended.err()).contains("no image tcplab/no-such-image:dev", "scripts/image", "--image");
        }
    }

    private Program start(String... options) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("storm", "--on", "swarm"));
        arguments.addAll(List.of(options));
        return Program.start(temporary, arguments.toArray(String[]::new));
    }

    private static JsonNode json(String text) throws IOException {
        try (InputStream schema = Objects.requireNonNull(Json.class.getResourceAsStream("lab-storm-1.schema.json"))) {
            assertThat(SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                            .getSchema(new String(schema.readAllBytes(), StandardCharsets.UTF_8), InputFormat.JSON)
                            .validate(text, InputFormat.JSON))
                    .isEmpty();
        }
        return JsonMapper.builder().build().readTree(text);
    }
}
