package io.tcplab.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code lab sysctl} as root and as nobody. The witness is sysctl(8). */
@Tag("slow")
class SysctlIT {
    private static final Path SCHEMAS = Path.of("../lab-report/src/main/resources/io/tcplab/report");
    /** A namespace in which somebody has set something, and which ends with the program. */
    private static final List<String> TUNED =
            List.of("unshare", "--net", "sh", "-c", "sysctl -qw net.ipv4.tcp_fin_timeout=17 && exec \"$0\" \"$@\"");

    @TempDir
    private static Path temporary = Path.of("");

    private static Installation installation = Installation.checkout();

    @BeforeAll
    static void install() throws IOException {
        installation = Installation.copiedTo(temporary);
    }

    @Test
    void rootAndAnOrdinaryUserAreToldTheSame() throws Exception {
        Program.Ended root = end(Program.start(installation, temporary, "sysctl", "--json", "-"));
        Program.Ended user = end(Program.startAsUser(installation, temporary, "sysctl", "--json", "-"));
        JsonNode asRoot = json(root.outOf(0), "lab-sysctl-1.schema.json");
        JsonNode asUser = json(user.outOf(0), "lab-sysctl-1.schema.json");
        assertThat(asRoot.get("defaultsFrom").asString()).isEqualTo("namespace");
        assertThat(asUser.get("defaultsFrom").asString()).isEqualTo("namespace");
        assertThat(names(asUser)).isEqualTo(names(asRoot)).hasSizeGreaterThan(80);
        JsonNode buckets = knob(asUser, "net.ipv4.tcp_max_tw_buckets");
        assertThat(buckets.get("default"))
                .isEqualTo(knob(asRoot, "net.ipv4.tcp_max_tw_buckets").get("default"));
        assertThat(buckets.get("value").asString()).isEqualTo(sysctl("net.ipv4.tcp_max_tw_buckets"));
        // Its secret is root's.
        assertThat(knob(asUser, "net.ipv4.tcp_fastopen_key").get("value").isNull())
                .isTrue();
    }

    @Test
    void whatSomebodyHasSetIsTold() throws Exception {
        assertThat(end(Program.start(TUNED, installation, temporary, "sysctl", "--changed"))
                        .outOf(0))
                .contains("net.ipv4.tcp_fin_timeout = 17: default 60, ");
    }

    @Test
    void aFileIsComparedWithWhatIsInForce() throws Exception {
        Path file = Files.writeString(temporary.resolve("own.conf"), "net.ipv4.tcp_fin_timeout = 17\n");
        String[] diff = {"sysctl", "diff", file.toString()};
        assertThat(end(Program.start(TUNED, installation, temporary, diff)).code())
                .isZero();
        Program.Ended elsewhere =
                end(Program.start(installation, temporary, "sysctl", "diff", file.toString(), "--json", "-"));
        JsonNode difference = json(elsewhere.outOf(1), "lab-sysctl-diff-1.schema.json")
                .get("differences")
                .get(0);
        assertThat(difference.get("second").get("value").asString()).isEqualTo(sysctl("net.ipv4.tcp_fin_timeout"));
    }

    @Test
    void theArticlesFileIsJudgedLineByLine() throws Exception {
        Path file = Files.writeString(temporary.resolve("article.conf"), """
                net.ipv4.tcp_syncookies = 1
                net.ipv4.tcp_tw_reuse = 1
                net.ipv4.tcp_tw_recycle = 1
                net.ipv4.tcp_fin_timeout = 30
                """);
        String[] lint = {"sysctl", "lint", file.toString(), "--json", "-"};
        for (Program program : List.of(
                Program.start(installation, temporary, lint), Program.startAsUser(installation, temporary, lint))) {
            JsonNode findings = json(end(program).outOf(1), "lab-sysctl-lint-1.schema.json")
                    .get("files")
                    .get(0)
                    .get("findings");
            assertThat(findings)
                    .extracting(finding -> finding.get("line").asInt() + " "
                            + finding.get("severity").asString() + " "
                            + finding.get("topic").asString() + " " + finding.get("claims"))
                    .containsExactly(
                            "1 note default [22]",
                            "2 note misread [24,28]",
                            "3 error gone [25,29]",
                            "4 note misread [26,18]");
        }
        // What the lint says of line 3 is what sysctl(8) meets.
        Process load = new ProcessBuilder("unshare", "--net", "sysctl", "-p", file.toString())
                .redirectErrorStream(true)
                .start();
        assertThat(new String(load.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .contains("tcp_tw_recycle: No such file or directory");
        assertThat(load.waitFor()).isNotZero();
    }

    private static Program.Ended end(Program program) throws Exception {
        try (program) {
            return program.awaitEnd();
        }
    }

    private static JsonNode json(String text, String schema) throws IOException {
        assertThat(SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                        .getSchema(Files.readString(SCHEMAS.resolve(schema)), InputFormat.JSON)
                        .validate(text, InputFormat.JSON))
                .isEmpty();
        return JsonMapper.builder().build().readTree(text);
    }

    private static List<String> names(JsonNode report) {
        return StreamSupport.stream(report.get("sysctls").spliterator(), false)
                .map(knob -> knob.get("name").asString())
                .toList();
    }

    private static JsonNode knob(JsonNode report, String name) {
        return StreamSupport.stream(report.get("sysctls").spliterator(), false)
                .filter(knob -> knob.get("name").asString().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static String sysctl(String name) throws IOException {
        Process process = new ProcessBuilder("sysctl", "--values", name).start();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    }
}
