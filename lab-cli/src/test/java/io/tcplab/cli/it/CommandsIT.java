package io.tcplab.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.experiments.catalogue.Catalogue;
import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What can be asked of the program without a whole run, and how it behaves in bad places. */
@Tag("slow")
class CommandsIT {
    @TempDir
    private Path temporary = Path.of("");

    @Test
    void listIsPlainWhenPiped() throws Exception {
        Program.Ended list = end(Program.start(temporary, "list"));
        assertThat(list.outOf(0).lines()).hasSameSizeAs(Catalogue.names());
        assertThat(list.out()).contains("close-wait-leak").doesNotContain("\u001b");
        assertThat(list.err()).isEmpty();
    }

    @Test
    void startsFromAnywhereThroughALinkAndWithoutItsSources() throws Exception {
        Installation linked = Installation.copiedTo(temporary)
                .linkedFrom(Files.createDirectory(temporary.resolve("a b")).resolve("lab"));
        Program.Ended version = end(Program.startAsUser(linked, temporary, "--version"));
        assertThat(version.outOf(0)).contains("lab 0.").contains("JDK 25.").contains("Linux ");
        assertThat(version.err()).isEmpty();
    }

    /** By one of each jar's classes: all of a library are compiled alike. */
    @Test
    void theLibrariesAreNewEnoughForTheAotCache() throws Exception {
        try (Stream<Path> jars = Files.list(Path.of("target/lab/lib"))) {
            assertThat(jars)
                    .isNotEmpty()
                    .allSatisfy(jar -> assertThat(oneFormat(jar))
                            .as("class file format of " + jar.getFileName())
                            .isGreaterThanOrEqualTo(ClassFile.JAVA_6_VERSION));
        }
    }

    private static int oneFormat(Path jar) throws IOException {
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            Optional<? extends ZipEntry> first = zip.stream()
                    .filter(entry -> entry.getName().endsWith(".class"))
                    .filter(entry -> !entry.getName().startsWith("META-INF/"))
                    .findFirst();
            return first.isEmpty()
                    ? ClassFile.latestMajorVersion()
                    : ClassFile.of()
                            .parse(zip.getInputStream(first.get()).readAllBytes())
                            .majorVersion();
        }
    }

    @Test
    void doctorSaysThatAllIsWellForRootAndForAnOrdinaryUser() throws Exception {
        Installation installation = Installation.copiedTo(temporary);
        assertThat(end(Program.start(installation, temporary, "doctor")).outOf(0))
                .contains("`lab run --all` can be confirmed here.")
                .containsPattern("ok +transitions");
        assertThat(end(Program.startAsUser(installation, temporary, "doctor")).outOf(0))
                .contains("runs use a user namespace")
                .contains("`lab run --all` can be confirmed here.")
                .containsPattern("ok +cells")
                .containsPattern("limited +transitions");
    }

    @Test
    void whereUserNamespacesAreForbiddenItSaysWhyAndWhatCanStillRun() throws Exception {
        Installation installation = Installation.copiedTo(temporary);
        Program.Ended run =
                end(Program.start(Program.WITHOUT_USER_NAMESPACES, installation, temporary, "run", "half-close"));
        assertThat(run.code()).as(run.err()).isEqualTo(2);
        assertThat(run.err())
                .contains("user.max_user_namespaces is 0")
                .contains("sudo sysctl -w user.max_user_namespaces=")
                .contains("--sandbox host");
        Program.Ended doctor = end(Program.start(Program.WITHOUT_USER_NAMESPACES, installation, temporary, "doctor"));
        assertThat(doctor.outOf(2))
                .containsPattern("missing +user .*user.max_user_namespaces is 0")
                .contains("can't be confirmed here");
        assertThat(end(Program.start(Program.WITHOUT_USER_NAMESPACES, installation, temporary, "list"))
                        .code())
                .isZero();
    }

    @Test
    void theHostSandboxRunsWithoutAnyPrivilege() throws Exception {
        Installation installation = Installation.copiedTo(temporary);
        Program.Ended run = end(Program.startAsUser(
                installation, temporary, "run", "linger-reset", "--sandbox", "host", "--json", "-"));
        Report report = Report.of(run.out());
        assertThat(report.json().get("sandbox").asString()).isEqualTo("host");
        assertThat(run.code()).as(run.err()).isIn(0, 2);
    }

    @Test
    void tooManySocketsAreRefusedWithTheLargestSizeThatFits() throws Exception {
        List<String> limited = List.of("prlimit", "--nofile=3000:3000");
        Program.Ended run =
                end(Program.start(limited, temporary, "run", "close-wait-leak", "--set", "connections=5000"));
        assertThat(run.code()).isEqualTo(64);
        assertThat(run.err()).contains("limit 3,000").containsPattern("--set connections=\\d{3}\\b");
        assertThat(temporary.resolve("lab-results")).doesNotExist();
    }

    @Test
    void resultsThatCannotBeWrittenAreRefusedBeforeTheRun() throws Exception {
        Installation installation = Installation.copiedTo(temporary);
        Program.Ended run = end(Program.startAsUser(installation, temporary, "run", "half-close", "--out", "/proc/no"));
        assertThat(run.code()).isEqualTo(64);
        assertThat(run.err()).contains("/proc/no").contains("--out DIR").doesNotContain("half-close: started");
    }

    private static Program.Ended end(Program program) throws Exception {
        try (program) {
            return program.awaitEnd();
        }
    }
}
