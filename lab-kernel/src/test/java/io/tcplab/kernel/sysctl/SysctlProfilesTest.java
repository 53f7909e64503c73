package io.tcplab.kernel.sysctl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.tcplab.kernel.netns.Namespace;
import io.tcplab.kernel.sysctl.LintFinding.Severity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The profiles in docker/sysctls, which users give to {@code --sysctl-file} and to {@code lab compare}. */
class SysctlProfilesTest {
    private static final Path FOLDER = Path.of("../docker/sysctls");
    private static final List<String> PROFILES =
            List.of("article", "busy-listener", "high-churn-client", "linux-default");

    static List<String> profiles() {
        return PROFILES;
    }

    @Test
    void noneIsUntested() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrderElementsOf(
                            PROFILES.stream().map(name -> name + ".conf").toList());
        }
    }

    @ParameterizedTest
    @MethodSource("profiles")
    void canBeSetInANamespace(String name) throws IOException {
        SysctlFile profile = SysctlFile.parse(file(name));
        assertThat(profile.settings()).isNotEmpty();
        try (Namespace namespace = Namespace.create(name)) {
            Sysctls sysctls = Sysctls.of(namespace);
            profile.values()
                    .forEach((key, value) ->
                            assertThat(sysctls.write(key, value)).as(key).isEqualToNormalizingWhitespace(value));
        }
    }

    /** The three about keep-alive are one rule, and share its reason. */
    @ParameterizedTest
    @MethodSource("profiles")
    void givesAReasonForEachSetting(String name) throws IOException {
        List<String> unexplained = new ArrayList<>();
        String before = "";
        for (String line : Files.readAllLines(file(name))) {
            boolean together = line.contains(".tcp_keepalive_") && before.contains(".tcp_keepalive_");
            if (!line.isBlank() && !line.startsWith("#") && !before.startsWith("#") && !together) {
                unexplained.add(line);
            }
            before = line;
        }
        assertThat(unexplained).isEmpty();
    }

    @Test
    void linuxDefaultIsWhatANewNamespaceHas() throws IOException {
        try (Namespace namespace = Namespace.create("fresh")) {
            Sysctls sysctls = Sysctls.of(namespace);
            SysctlFile.parse(file("linux-default"))
                    .values()
                    .forEach((key, value) ->
                            assertThat(sysctls.read(key)).as(key).isEqualToNormalizingWhitespace(value));
        }
    }

    @Test
    void articlesTcpTwRecycleIsToldAsGone() throws IOException {
        SysctlFile article = SysctlFile.parse(file("article"));
        assertThat(article.values())
                .containsOnlyKeys("net.ipv4.tcp_syncookies", "net.ipv4.tcp_tw_reuse", "net.ipv4.tcp_fin_timeout");
        assertThat(article.problems())
                .singleElement()
                .satisfies(problem -> assertThat(problem.message()).contains("tcp_tw_recycle", "4.12"))
                .satisfies(problem -> assertThat(problem.expected()).isTrue());
    }

    /** What the lab gives its users to set must pass the lab's own judgement. */
    @ParameterizedTest
    @MethodSource("profiles")
    void hasNothingThatHarmsOrDoesNothing(String name) throws Exception {
        assertThat(lint(name)).extracting(LintFinding::severity).containsOnly(Severity.NOTE);
    }

    @Test
    void theArticlesLinesAreJudgedOneByOne() throws Exception {
        assertThat(lint("article"))
                .extracting(
                        LintFinding::line,
                        finding -> finding.name().replace("net.ipv4.", ""),
                        finding -> finding.topic().label(),
                        LintFinding::claims)
                .containsExactly(
                        tuple(5, "tcp_syncookies", "default", List.of(22)),
                        tuple(7, "tcp_tw_reuse", "misread", List.of(24, 28)),
                        tuple(9, "tcp_tw_recycle", "gone", List.of(25, 29)),
                        tuple(11, "tcp_fin_timeout", "misread", List.of(26, 18)));
        assertThat(lint("article").getLast().message())
                .startsWith("Doesn't shorten TIME_WAIT, which always lasts 60 s");
    }

    private static List<LintFinding> lint(String name) throws Exception {
        return SysctlLint.ofThisKernel(SysctlDefaults.read())
                .judge(Files.readString(file(name)))
                .findings();
    }

    private static Path file(String name) {
        return FOLDER.resolve(name + ".conf");
    }
}
