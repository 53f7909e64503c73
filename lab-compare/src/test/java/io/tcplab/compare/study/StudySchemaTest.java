package io.tcplab.compare.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.tcplab.experiments.catalogue.Catalogue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import tools.jackson.databind.json.JsonMapper;

/** What an editor is told must be what the reader says. */
class StudySchemaTest {
    private static final Path ANYWHERE = Path.of("/");

    private final Schema schema = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(StudySchema.of(Catalogue.names()), InputFormat.JSON);

    @ParameterizedTest
    @ValueSource(strings = {"""
                experiments: close-wait-leak
                sysctl: {client:net.ipv4.tcp_tw_reuse: [0, 1], net/ipv4/tcp_sack: 1}
                """, """
                title: 5
                experiments: [close-wait-leak, half-close]
                settings: [{name: a}, {name: b, sysctl: {net.ipv4.tcp_sack: 0}, set: {connections: 5}, transport: nio, sandbox: host}]
                pairs: false
                trials: 3
                seed: -7
                fail-if: server.CLOSE_WAIT.peak > 4
                """, """
                experiments: close-wait-leak
                transport: [nio, epoll, io_uring]
                sandbox: namespaces
                pairs: true
                fail-if:
                  - median(close-wait-leak/server.CLOSE_WAIT.peak) >= 4.5e1 sockets in transport=nio
                  - max( server.CLOSE_WAIT.peak )!=-1
                """})
    void takesWhatTheReaderTakes(String study) {
        assertThat(StudyFile.parse("study.yaml", study, ANYWHERE, List.of())).isNotNull();
        assertThat(errors(study)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "trial: 3",
                "experiments: close-wait-leek",
                "experiments: []",
                "experiments: {a: b}",
                "settings: []",
                "settings: {name: a}",
                "settings: [{sysctl: {net.ipv4.tcp_sack: 1}}]",
                "settings: [{name: a, sysctls: {}}]",
                "settings: [{name: a, sysctl: {net.ipv4.tcp_sack: [0, 1]}}]",
                "settings: [a, b]",
                "sysctl: net.ipv4.tcp_sack",
                "sysctl: {tcp_sack: 1}",
                "sysctl: {net.ipv4.tcp_sack: []}",
                "sysctl: {net.ipv4.tcp_sack: {a: b}}",
                "sysctl: {net.ipv4.tcp_sack: }",
                "set: 5",
                "set: [connections]",
                "transport: epol",
                "transport: []",
                "pairs: maybe",
                "trials: 0",
                "trials: 1.5",
                "trials: many",
                "trials: [3]",
                "seed: many",
                "fail-if: client.X",
                "fail-if: client.X > many",
                "fail-if: mean(client.X) > 0",
                "fail-if: median(client.X > 0",
                "fail-if: client.X > 0 && 1",
                "fail-if: client.X > 0 in",
                "fail-if: []",
                "fail-if: {client.X: 0}"
            })
    void refusesWhatTheReaderRefuses(String mistake) {
        String study = (mistake.startsWith("experiments") ? "" : "experiments: close-wait-leak\n")
                + (mistake.startsWith("transport") ? "" : "transport: [nio, epoll]\n")
                + mistake + "\n";
        assertThatThrownBy(() -> StudyFile.parse("study.yaml", study, ANYWHERE, List.of()))
                .isInstanceOf(StudyException.class);
        assertThat(errors(study)).isNotEmpty();
    }

    @Test
    void takesTheManualsStudies() throws IOException {
        try (Stream<Path> studies = Files.list(Path.of("../docs/studies"))) {
            assertThat(studies.toList()).isNotEmpty().allSatisfy(study -> {
                assertThat(StudyFile.read(study, List.of()).thresholds()).isNotEmpty();
                assertThat(errors(Files.readString(study))).isEmpty();
            });
        }
    }

    @Test
    void offersTheExperimentsByName() {
        assertThat(StudySchema.of(List.of("a", "b"))).contains("\"experiment\": {\"enum\": [\"a\", \"b\"]}");
    }

    private List<String> errors(String study) {
        Object tree = new Load(LoadSettings.builder().build()).loadFromString(study);
        String json = JsonMapper.builder().build().writeValueAsString(tree);
        return schema.validate(json, InputFormat.JSON).stream()
                .map(Object::toString)
                .toList();
    }
}
