package io.tcplab.kernel.sysctl;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.kernel.netns.Namespace;
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
        assertThat(article.ignored())
                .singleElement()
                .satisfies(problem -> assertThat(problem.message()).contains("tcp_tw_recycle", "4.12"));
    }

    private static Path file(String name) {
        return FOLDER.resolve(name + ".conf");
    }
}
