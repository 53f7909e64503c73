package io.tcplab.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A study that is kept in a file, and what must not come of it, on the real kernel. */
@Tag("slow")
class StudyIT {
    private static final Path SAMPLE = Path.of("../docs/studies/tw-reuse.yaml").toAbsolutePath();

    @TempDir
    private Path temporary = Path.of("");

    @Test
    void theManualsStudyHoldsForRootAndForAnybody() throws Exception {
        Installation installation = Installation.copiedTo(temporary);
        Path study = Files.copy(SAMPLE, temporary.resolve("tw-reuse.yaml"));
        String[] command = {"compare", "--study", study.toString(), "--json", "-"};
        try (Program root = Program.start(installation, temporary, command);
                Program user = Program.startAsUser(installation, temporary, command)) {
            assertHeld(root.awaitEnd().outOf(0));
            assertHeld(user.awaitEnd().outOf(0));
        }
    }

    @Test
    void aStudyOfTheHostIsNotTakenIntoANamespace() throws Exception {
        Path study = Files.writeString(temporary.resolve("host.yaml"), """
                experiments: half-close
                sandbox: host
                set: {connections: [5, 10]}
                trials: 2
                """);
        Path here = Files.readSymbolicLink(Path.of("/proc/self/ns/net"));
        try (Program user = Program.startAsUser(
                Installation.copiedTo(temporary), temporary, "compare", "--study", study.toString())) {
            user.awaitErr("half-close");
            assertThat(Files.readSymbolicLink(Path.of("/proc/" + user.pid() + "/ns/net")))
                    .isEqualTo(here);
            // The host's loopback can tell less than a cell.
            assertThat(user.awaitEnd().code()).isIn(0, 2);
        }
    }

    @Test
    void aBrokenThresholdFailsAndIsTold() throws Exception {
        Path markdown = temporary.resolve("report.md");
        Program.Ended ended = end(
                "compare",
                "port-exhaustion",
                "--setting-matrix",
                SAMPLE.toString(),
                "--trials",
                "1",
                "--fail-if",
                "max(client.again) = 64 in tcp_tw_reuse=1",
                "--markdown",
                markdown.toString());
        assertThat(ended.outOf(1))
                .contains("threshold held: client.again < 64 in tcp_tw_reuse=1: port-exhaustion")
                .contains("threshold broken: max(client.again) = 64 in tcp_tw_reuse=1: port-exhaustion:"
                        + " client:tcp_tw_reuse=1: 64 connections");
        assertThat(markdown)
                .content()
                .contains("- broken: `max(client.again) = 64 in tcp_tw_reuse=1`: port-exhaustion");
    }

    @Test
    void whereNothingCanBeMeasuredAThresholdIsNoPass() throws Exception {
        Program.Ended ended = end(
                "compare",
                "port-exhaustion",
                "--sandbox",
                "host",
                "--set",
                "ports=20,30",
                "--trials",
                "1",
                "--fail-if",
                "client.again > 0");
        assertThat(ended.outOf(2))
                .contains("threshold inconclusive: client.again > 0: port-exhaustion: ports=20: no trial measured"
                        + " it (");
    }

    /** One trial will do: the thresholds judge each by itself. */
    @Test
    void theArticleHelpsAClientByOneOfItsLines() throws Exception {
        Path article = SAMPLE.resolveSibling("article.yaml");
        assertThat(end("compare", "--study", article.toString(), "--trials", "1")
                        .outOf(0))
                .contains("client.EADDRNOTAVAIL: linux-default: 2,000 connections")
                .contains("client.TIME_WAIT.peak: article: 1,000 sockets")
                .contains("docker/sysctls/article.conf:9:2: net.ipv4.tcp_tw_recycle is gone")
                .contains("threshold held: client.EADDRNOTAVAIL > 1000 in article");
    }

    private static void assertHeld(String json) {
        JsonNode thresholds = JsonMapper.builder().build().readTree(json).get("thresholds");
        assertThat(thresholds)
                .hasSize(2)
                .allSatisfy(each -> assertThat(each.get("outcome").asString()).isEqualTo("held"));
    }

    private Program.Ended end(String... command) throws Exception {
        try (Program program = Program.start(temporary, command)) {
            return program.awaitEnd();
        }
    }
}
