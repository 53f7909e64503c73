package io.tcplab.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Help.ColorScheme;

class SysctlReportsTest {
    private static final ColorScheme PLAIN = Help.defaultColorScheme(Ansi.OFF);
    private static final int WIDTH = 90;

    @Test
    void theirJsonKeepsToTheirSchemas() {
        assertThat(Schemas.errors(Schemas.read("lab-sysctl-1.schema.json"), knobs()))
                .isEmpty();
        assertThat(Schemas.errors(Schemas.read("lab-sysctl-lint-1.schema.json"), lint()))
                .isEmpty();
        assertThat(Schemas.errors(Schemas.read("lab-sysctl-diff-1.schema.json"), diff()))
                .isEmpty();
    }

    // A schema that lets everything pass would seal nothing.
    @ParameterizedTest
    @CsvSource({
        "lab-sysctl-1.schema.json, lab/sysctl/1, lab/sysctl/2",
        "lab-sysctl-1.schema.json, \"scope\": \"host\", \"scope\": \"global\"",
        "lab-sysctl-1.schema.json, \"value\": null, \"value\": 5",
        "lab-sysctl-lint-1.schema.json, \"severity\": \"note\", \"severity\": \"hint\"",
        "lab-sysctl-lint-1.schema.json, \"topic\": \"gone\", \"topic\": \"away\"",
        "lab-sysctl-lint-1.schema.json, \"line\": 3, \"line\": 0",
        "lab-sysctl-diff-1.schema.json, \"from\": \"default\", \"from\": \"nowhere\"",
        "lab-sysctl-diff-1.schema.json, \"side\": \"second\", \"side\": \"third\""
    })
    void theSchemasRefuseWhatIsWrong(String schema, String right, String wrong) {
        String json = schema.contains("lint") ? lint() : schema.contains("diff") ? diff() : knobs();
        Schemas.assertRefuses(Schemas.read(schema), json, right, wrong);
    }

    @Test
    void forAPipeEachKnobIsALine() {
        assertThat(SysctlText.lines(SysctlSamples.knobs()))
                .satisfiesExactly(
                        line -> assertThat(line)
                                .startsWith("net.ipv4.tcp_fin_timeout = 17: default 60, takes 0 to 2147483 s, per"
                                        + " namespace: How long")
                                .endsWith(" (fin-wait2-timeout)"),
                        line -> assertThat(line)
                                .startsWith(
                                        "net.ipv4.tcp_mem = 1 2 3: default by the machine's memory, takes 3 numbers")
                                .contains("pages, the host's: "),
                        line -> assertThat(line).startsWith("net.ipv4.tcp_fastopen_key = (not readable): "),
                        line -> assertThat(line).startsWith("net.ipv4.tcp_tw_reuse_delay = 1000: default 1000, "));
    }

    @Test
    void forAPipeEachFindingIsALineAsCompilersHaveIt() {
        assertThat(LintText.lines(SysctlSamples.lint()))
                .containsExactly(
                        "article.conf:3:1: error: net.ipv4.tcp_x is gone since Linux 4.12 [gone] (claim 25, claim 29,"
                                + " tw-recycle)",
                        "article.conf:4:1: note: net.ipv4.tcp_x: Doesn't shorten @|red TIME_WAIT|@. [misread]"
                                + " (claim 26)",
                        "article.conf:5:1: error: \"x\" has no \"=\" [syntax]");
        assertThat(LintText.summary(SysctlSamples.lint()))
                .containsExactly(
                        "article.conf: 4 settings for Linux 6.18.44: 2 errors, 1 note; not about TCP, not judged: 1",
                        "-: 1 setting for Linux 6.18.44: nothing found");
    }

    @Test
    void forAPipeEachDifferenceIsALine() {
        SysctlDiffText text = new SysctlDiffText(SysctlSamples.diff(), "a.conf", "b.conf");
        assertThat(text.lines())
                .containsExactly(
                        "net.ipv4.tcp_fin_timeout: 30 (a.conf:4) -> 60 (default): How long FIN_WAIT_2 lasts.",
                        "net.ipv4.tcp_tw_recycle: 1 (a.conf:3, which is gone since Linux 4.12) -> not set",
                        "b.conf:1: net.ipv4.tcp_sack = 0 has no effect: line 2 overrides it with 1");
        assertThat(text.problems()).containsExactly("a.conf:7:1: \"x\" has no \"=\" (left out)");
        assertThat(text.summary()).isEqualTo("different: 2, the same: 3");
    }

    @Test
    void aTerminalGetsTablesThatFit() {
        String knobs = SysctlText.table(SysctlSamples.knobs(), PLAIN, WIDTH);
        String lint = LintText.table(SysctlSamples.lint(), PLAIN, WIDTH);
        String diff = new SysctlDiffText(SysctlSamples.diff(), "a.conf", "b.conf").table(PLAIN, WIDTH);
        assertThat(knobs)
                .containsPattern("tcp_fin_timeout +17 +60")
                .containsPattern("per\\s+namespace\\.\\s+Shown\\s+by\\s+fin-wait2-timeout\\.");
        assertThat(lint)
                .contains("article.conf:3:1: error gone")
                .contains("-> lab claims 25 29 · lab run tw-recycle")
                .contains("Doesn't shorten @|red TIME_WAIT|@.");
        assertThat(diff).contains("- 30 (a.conf:4)").contains("+ 60 (default)");
        assertThat((knobs + lint + diff).lines())
                .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(WIDTH));
    }

    private static String knobs() {
        return Written.json(SysctlJson.of(SysctlSamples.knobs()));
    }

    private static String lint() {
        return Written.json(SysctlJson.Lint.of(SysctlSamples.lint()));
    }

    private static String diff() {
        return Written.json(SysctlJson.Diff.of(SysctlSamples.diff(), "6.18.44", "a.conf", "b.conf"));
    }
}
