package io.tcplab.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The README's first command on a machine that has nothing: debootstrap's smallest root, with the project as a clone has it.
 * The JDK comes from a stand-in for Adoptium's server, whatever else is missing from apt and Maven Central.
 */
@Tag("slow")
@Order(2)
class BareRootIT {
    /** On the same file system as the project: it has room for a build. */
    private static final Path FOLDER = Path.of("target/bare").toAbsolutePath();

    private static final Path SCRIPT = Path.of("src/test/resources/bare-root").toAbsolutePath();
    private static final Path PROJECT = Path.of("..").toAbsolutePath().normalize();

    @BeforeEach
    void makeFolder() throws Exception {
        remove();
        Files.createDirectories(FOLDER);
    }

    @AfterEach
    void removeFolder() throws Exception {
        remove();
    }

    @Test
    void oneCommandComesToAVerdict() throws Exception {
        try (Adoptium adoptium = Adoptium.serving(thisJdk())) {
            Program.Ended ended = run(
                    "LAB_INSTALL_JDK=1", "LAB_ADOPTIUM_URL=" + adoptium.url(), "scripts/lab", "run", "close-wait-leak");
            assertThat(ended.outOf(0)).endsWith("1 confirmed\n");
            assertThat(ended.err())
                    .contains("Temurin 25 is in /root/.cache/tcp-lab/jdk-25")
                    .containsPattern("(installing maven|mvnw fetches it)")
                    .containsPattern("building: (\\d+) of \\1, lab-cli\n");
        }
    }

    /** As an archive of Adoptium's; packed fast rather than small. */
    private static byte[] thisJdk() throws Exception {
        Path home = Path.of(System.getProperty("java.home")).toRealPath();
        Path file = FOLDER.resolve("jdk.tar.gz");
        List<String> tar = List.of(
                "tar", "-C", home.toString(), "--exclude=./lib/src.zip", "-I", "gzip -1", "-chf", file.toString(), ".");
        assertThat(new ProcessBuilder(tar).inheritIO().start().waitFor()).isZero();
        return Files.readAllBytes(file);
    }

    /** In namespaces of its own: what it mounts and starts goes with them. It computes, and others beside it must be on time. */
    private static Program.Ended run(String... command) throws IOException, InterruptedException {
        Path out = FOLDER.resolve("out");
        Path err = FOLDER.resolve("err");
        List<String> isolated = List.of(
                "nice",
                "-n",
                "10",
                "unshare",
                "--mount",
                "--propagation=private",
                "--pid",
                "--fork",
                "--kill-child",
                SCRIPT.toString(),
                FOLDER.toString(),
                PROJECT.toString());
        ProcessBuilder builder = new ProcessBuilder(
                        Stream.concat(isolated.stream(), Stream.of(command)).toList())
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().put("LAB_REPOSITORY", System.getProperty("lab.repository"));
        int code = builder.start().waitFor();
        return new Program.Ended(code, Files.readString(out), Files.readString(err));
    }

    /** Not what may still be mounted in it. */
    private static void remove() throws Exception {
        assertThat(new ProcessBuilder("rm", "-rf", "--one-file-system", FOLDER.toString())
                        .inheritIO()
                        .start()
                        .waitFor())
                .isZero();
    }
}
