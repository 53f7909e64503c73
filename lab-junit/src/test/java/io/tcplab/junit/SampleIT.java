package io.tcplab.junit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The sample, built by Maven as its user builds it: it takes lab-junit and what that needs from a repository, in which stands
 * what this build has made, and all else from where this build has it.
 */
@Tag("slow")
class SampleIT {
    private static final List<String> MODULES = List.of("lab-kernel", "lab-diagnose", "lab-junit");
    private static final Path ROOT = property("lab.root");
    private static final String VERSION = System.getProperty("lab.version", "");

    @TempDir
    static Path folder;

    @BeforeAll
    static void publish() throws IOException {
        copy(ROOT.resolve("pom.xml"), "tcp-lab", "pom");
        for (String module : MODULES) {
            copy(ROOT.resolve(module).resolve("pom.xml"), module, "pom");
            copy(ROOT.resolve(module).resolve("target").resolve(module + "-" + VERSION + ".jar"), module, "jar");
        }
        Files.writeString(folder.resolve("settings.xml"), """
                <settings>
                  <localRepository>%s</localRepository>
                  <profiles>
                    <profile>
                      <id>sample</id>
                      <repositories>
                        <repository><id>published</id><url>%s</url></repository>
                        <repository><id>had</id><url>%s</url></repository>
                      </repositories>
                      <pluginRepositories>
                        <pluginRepository><id>had</id><url>%s</url></pluginRepository>
                      </pluginRepositories>
                    </profile>
                  </profiles>
                  <activeProfiles><activeProfile>sample</activeProfile></activeProfiles>
                </settings>
                """.formatted(
                        folder.resolve("local"), folder.resolve("published").toUri(), had(), had()));
    }

    @Test
    void passes() throws Exception {
        Build build = build();
        assertThat(build.code).as(build.output).isZero();
        assertThat(build.output).contains("Tests run: 2, Failures: 0, Errors: 0, Skipped: 0");
    }

    @Test
    void failsOnPurposeWithTheRightWords() throws Exception {
        Build build = build("-DexcludedGroups=", "-Dgroups=fails-on-purpose");
        assertThat(build.code).as(build.output).isNotZero();
        assertThat(build.output)
                .contains("Tests run: 1, Failures: 1, Errors: 0, Skipped: 0")
                .contains("Expecting the sockets of server on port 8080 to have no CLOSE_WAIT within 2 s,"
                        + " but there were 10:")
                .contains("10 CLOSE_WAIT, port 8080, peer 10.77.0.1; the peer's last segment arrived")
                .contains("eof-read-not-closed (CLOSE_WAIT): 10 connections closed by the peer")
                .contains("ALLOW_HALF_CLOSURE")
                .contains("see it happen: lab run close-wait-leak");
    }

    private record Build(int code, String output) {}

    private static Build build(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                property("maven.home").resolve("bin").resolve("mvn").toString(),
                "-B",
                "-ntp",
                "-Dstyle.color=never",
                "-s",
                folder.resolve("settings.xml").toString(),
                "-f",
                ROOT.resolve("lab-junit/sample/pom.xml").toString()));
        command.addAll(List.of(arguments));
        command.add("test");
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        // What is meant for the build around is not for this one.
        builder.environment().keySet().removeIf(name -> name.equals("MAVEN_OPTS") || name.equals("MAVEN_ARGS"));
        Process maven = builder.start();
        String output = new String(maven.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Build(maven.waitFor(), output);
    }

    private static void copy(Path file, String artifact, String type) throws IOException {
        Path target = folder.resolve("published/io/tcplab")
                .resolve(artifact)
                .resolve(VERSION)
                .resolve(artifact + "-" + VERSION + "." + type);
        Files.createDirectories(target.getParent());
        Files.copy(file, target);
    }

    private static String had() {
        return property("lab.repository").toUri().toString();
    }

    private static Path property(String name) {
        return Path.of(System.getProperty(name, ""));
    }
}
