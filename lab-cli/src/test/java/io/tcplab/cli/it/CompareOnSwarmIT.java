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

/** A comparison on a swarm of one machine: cells in a task, what is said if it is lost, and that nothing remains. */
@Tag("docker")
@ResourceLock("containers")
class CompareOnSwarmIT {
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    /** Its runs go one after the other, each for some seconds: what is done to it after the first has ended is in its middle. */
    private static final String[] LONG = {
        "time-wait-storm", "--sysctl", "client:net.ipv4.tcp_tw_reuse=0,1", "--trials", "6"
    };

    private static final TestSwarm SWARM = new TestSwarm();

    @TempDir
    private static Path before = Path.of("");

    @TempDir
    private Path temporary = Path.of("");

    @BeforeAll
    static void join() throws Exception {
        SWARM.join(() -> {
            try (Program compare = start(before, 1, LONG)) {
                Program.Ended ended = compare.awaitEnd();
                assertThat(ended.code()).isEqualTo(2);
                assertThat(ended.err())
                        .contains("no comparison can be started: this engine is in no swarm", "docker swarm init");
            }
        });
    }

    @AfterAll
    static void leave() throws Exception {
        SWARM.leave();
    }

    @Test
    void trialsRunInCellsOfTheMachineAndAllIsRemoved() throws Exception {
        try (Program compare = start(
                temporary,
                1,
                "port-exhaustion",
                "--sysctl",
                "client:net.ipv4.tcp_tw_reuse=0,1",
                "--trials",
                "3",
                "--json",
                "-")) {
            Program.Ended ended = compare.awaitEnd();
            JsonNode comparison = comparison(ended.outOf(0));

            JsonNode machine = comparison.get("nodes").get(0);
            assertThat(comparison.get("nodes")).hasSize(1);
            assertThat(machine.get("ended").asInt()).isEqualTo(6);
            assertThat(machine.get("problem").asString()).isEmpty();
            assertThat(machine.get("kernel").asString()).isNotEmpty();
            JsonNode again = measure(comparison, "client.again");
            assertThat(again.get("findings").get(0).get("words").asString())
                    .isEqualTo("large, better: 64 connections instead of 0, always");
            assertThat(again.get("settings").get(1).get("nodes"))
                    .extracting(JsonNode::asString)
                    .containsOnly(machine.get("name").asString())
                    .hasSize(3);
            assertThat(comparison.get("sysctls").get(0).get("values"))
                    .as("read back from the machine's cells")
                    .extracting(JsonNode::asString)
                    .containsExactly("0", "1");
            assertThat(TestSwarm.left(compare)).isEmpty();
        }
    }

    @Test
    void aKilledTaskMakesTheResultPartial() throws Exception {
        try (Program compare = start(temporary, 1, withJson(LONG))) {
            compare.awaitErr("): ended");
            Docker.call(List.of("docker", "kill", TestSwarm.task(compare, "-node.1.")))
                    .outOf(0);

            Program.Ended ended = compare.awaitEnd();
            JsonNode machine = comparison(ended.outOf(2)).get("nodes").get(0);
            assertThat(machine.get("ended").asInt()).isBetween(1, 11);
            assertThat(machine.get("problem").asString())
                    .contains("node 1 (", "is lost", "Swarm says: task 1 is failed", "137");
            assertThat(ended.err()).contains("partial: node 1 (", "; partial: trials of a machine are missing");
            assertThat(TestSwarm.left(compare)).isEmpty();
        }
    }

    @Test
    void nothingIsLeftOfAKilledComparison() throws Exception {
        try (Program compare = start(temporary, 1, LONG)) {
            compare.awaitErr("): ended");
            assertThat(TestSwarm.left(compare)).isNotEmpty();
            compare.signal("KILL");

            assertThat(compare.awaitEnd().code()).isEqualTo(137);
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(TestSwarm.left(compare)).isEmpty());
        }
    }

    @Test
    void tooFewMachinesAreSaidBeforeItStarts() throws Exception {
        try (Program compare = start(temporary, 2, LONG)) {
            Program.Ended ended = compare.awaitEnd();
            assertThat(ended.code()).isEqualTo(2);
            assertThat(ended.err())
                    .contains(
                            "--nodes 2: the swarm has only 1 machine that is ready and takes tasks", "give --nodes 1");
        }
    }

    private static Program start(Path folder, int nodes, String... options) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("compare"));
        arguments.addAll(List.of(options));
        arguments.addAll(List.of("--on", "swarm", "--nodes", Integer.toString(nodes)));
        return Program.start(folder, arguments.toArray(String[]::new));
    }

    private static String[] withJson(String... options) {
        List<String> more = new ArrayList<>(List.of(options));
        more.addAll(List.of("--json", "-"));
        return more.toArray(String[]::new);
    }

    private static JsonNode comparison(String text) throws IOException {
        try (InputStream schema = Objects.requireNonNull(Json.class.getResourceAsStream("lab-compare-1.schema.json"))) {
            assertThat(SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                            .getSchema(new String(schema.readAllBytes(), StandardCharsets.UTF_8), InputFormat.JSON)
                            .validate(text, InputFormat.JSON))
                    .isEmpty();
        }
        return JsonMapper.builder().build().readTree(text).get("comparisons").get(0);
    }

    private static JsonNode measure(JsonNode comparison, String name) {
        for (JsonNode measure : comparison.get("measures")) {
            if (measure.get("name").asString().equals(name)) {
                return measure;
            }
        }
        throw new AssertionError("no measure " + name);
    }
}
