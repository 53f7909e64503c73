package io.tcplab.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code lab compare} as a user starts it. */
@Tag("slow")
class CompareIT {
    @TempDir
    private Path temporary = Path.of("");

    @Test
    void saysWhatASettingDoesToRootAndToAnybody() throws Exception {
        Installation installation = Installation.copiedTo(temporary);
        String[] command = {
            "compare", "time-wait-duration", "--sysctl", "net.ipv4.tcp_fin_timeout=5,60", "--seed", "7", "--json", "-"
        };
        try (Program root = Program.start(installation, temporary, command);
                Program user = Program.startAsUser(installation, temporary, command)) {
            assertNoEffect(root.awaitEnd().outOf(0));
            assertNoEffect(user.awaitEnd().outOf(0));
            Path folder = user.folder().resolve("lab-results/latest");
            assertNoEffect(Files.readString(folder.resolve("compare.json")));
            assertThat(folder.resolve("samples.csv")).content().contains(",client.TIME_WAIT.timer,60");
        }
    }

    @Test
    void tellsWhatOfAProfileThisKernelLacks() throws Exception {
        Path before = Files.writeString(temporary.resolve("before.conf"), "net.ipv4.tcp_tw_reuse = 0\n");
        Path article = Files.writeString(
                temporary.resolve("article.conf"), "net.ipv4.tcp_tw_reuse = 1\nnet.ipv4.tcp_tw_recycle = 1\n");
        Path markdown = temporary.resolve("report.md");
        Path csv = temporary.resolve("report.csv");
        try (Program compare = Program.start(
                temporary,
                "compare",
                "port-exhaustion",
                "--profile",
                before + "," + article,
                "--markdown",
                markdown.toString(),
                "--csv",
                csv.toString())) {
            Program.Ended ended = compare.awaitEnd();
            assertThat(ended.outOf(0)).contains("client.again: article: 64 connections always: large, better");
            assertThat(ended.err()).contains("article.conf:2:1: net.ipv4.tcp_tw_recycle is gone since Linux 4.12");
        }
        assertThat(markdown)
                .content()
                .contains("| article | 64 always | large, better")
                .contains("tcp_tw_recycle");
        assertThat(csv).content().contains("port-exhaustion,2,article,1,client.again,64,connections,true,");
    }

    @Test
    void givesWhatThereIsWhenASignalEndsIt() throws Exception {
        Path json = temporary.resolve("partial.json");
        try (Program compare = Program.start(
                temporary,
                "compare",
                "lost-final-ack",
                "--sysctl",
                "server:net.ipv4.tcp_synack_retries=0,5",
                "--trials",
                "1",
                "--json",
                json.toString())) {
            compare.awaitErr("lost-final-ack (server:tcp_synack_retries=0 #1 of 1): ended");
            compare.signal("INT");
            Program.Ended ended = compare.awaitEnd();
            assertThat(ended.outOf(130)).endsWith("no samples, then interrupted\n");
        }
        JsonNode report = JsonMapper.builder().build().readTree(Files.readString(json));
        assertThat(report.get("interrupted").asBoolean()).isTrue();
        JsonNode settings = report.get("comparisons").get(0).get("settings");
        assertThat(List.of(
                        settings.get(0).get("kept").asInt(),
                        settings.get(1).get("kept").asInt()))
                .containsExactly(1, 0);
    }

    @Test
    void saysNothingWhereNothingCanBeMeasured() throws Exception {
        try (Program compare = Program.start(
                temporary,
                "compare",
                "time-wait-duration",
                "--sandbox",
                "host",
                "--sysctl",
                "net.ipv4.tcp_fin_timeout=5,60")) {
            assertThat(compare.awaitEnd().outOf(2)).contains("no samples").contains("0 of 5 trials count: ");
        }
    }

    private static void assertNoEffect(String json) {
        JsonNode comparison =
                JsonMapper.builder().build().readTree(json).get("comparisons").get(0);
        JsonNode finding = comparison.get("measures").get(0).get("findings").get(0);
        assertThat(finding.get("effect").asString()).isEqualTo("none");
        assertThat(finding.get("exact").asBoolean()).isTrue();
        assertThat(comparison.get("seed").asInt()).isEqualTo(7);
        assertThat(comparison.get("sysctls").get(0).get("values").toString()).isEqualTo("[\"5\",\"60\"]");
        assertThat(comparison.get("reasons").get(0).get("sentence").asString()).contains("doesn't control TIME_WAIT");
    }
}
