package io.tcplab.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * {@code scripts/setup} on a machine without JDK 25 and Maven: in a mount namespace that hides both, with a stand-in for
 * apt, and one for Adoptium's server.
 */
@Tag("slow")
class SetupIT {
    private static final Path SETUP =
            Path.of("../scripts/setup").toAbsolutePath().normalize();

    /** What the scripts bring that source it. */
    private static final String CALLER = """
            set -euo pipefail
            say() { printf 'caller: %s\\n' "$*" >&2; }
            die() { local code=$1; shift; say "$@"; exit "$code"; }
            root=/nowhere
            . "$SETUP"
            """;

    /** Debian's mvn is a link to a folder of Maven's own, which nothing else needs. */
    private static final String HIDING = """
            set -e
            unset JAVA_HOME
            mount -t tmpfs none /usr/lib/jvm
            if mvn=$(command -v mvn); then
                mvn=$(readlink -f "$mvn")
                mount -t tmpfs none "${mvn%/*}"
            fi
            """;

    private static final int MISSING = 2;
    private static final int INTERRUPTED = 130;

    @TempDir
    private Path temporary = Path.of("");

    @BeforeEach
    void noPackageHasIt() throws Exception {
        apt("none");
    }

    @Test
    void whatAptHasIsInstalledByItsName() throws Exception {
        apt("openjdk-25-jdk-headless maven");
        Program.Ended ended = run("need_jdk; need_maven; echo \"$jdk ${maven[*]}\"", Map.of());
        assertThat(ended.outOf(0)).isEqualTo("/usr/lib/jvm/apts-25 mvn\n");
        assertThat(ended.err())
                .contains("installing openjdk-25-jdk-headless (apt-get; LAB_NO_INSTALL=1 forbids it)")
                .contains("installing maven (apt-get; LAB_NO_INSTALL=1 forbids it)")
                .doesNotContain("temurin");
    }

    @Test
    void emptyListsAreReadFirst() throws Exception {
        apt("after-update: openjdk-25-jdk-headless");
        Program.Ended ended = run("need_jdk; echo \"$jdk\"", Map.of());
        assertThat(ended.outOf(0)).isEqualTo("/usr/lib/jvm/apts-25\n");
        assertThat(ended.err()).contains("apt-get update");
    }

    @Test
    void nothingIsInstalledWhereThatIsForbidden() throws Exception {
        apt("openjdk-25-jdk-headless maven");
        Map<String, String> forbidden = Map.of("LAB_NO_INSTALL", "1", "LAB_INSTALL_JDK", "1");
        Program.Ended jdk = run("need_jdk", forbidden);
        assertThat(jdk.code()).isEqualTo(MISSING);
        assertThat(jdk.err()).contains("JDK 25 is missing").contains("sudo apt-get install openjdk-25-jdk-headless");
        Program.Ended maven = run("need_maven", forbidden);
        assertThat(maven.code()).isEqualTo(MISSING);
        assertThat(maven.err()).contains("building needs Maven; install it: sudo apt-get install maven");
        assertThat(temporary.resolve("apt.log")).doesNotExist();
        assertThat(cache()).doesNotExist();
    }

    @Test
    void temurinIsFetchedOnceWhereNoPackageHasIt() throws Exception {
        try (Adoptium adoptium = Adoptium.serving(jdkArchive())) {
            Program.Ended first = run("need_jdk; echo \"$jdk\"", unasked(adoptium));
            String home = cache().resolve("jdk-25").toString();
            assertThat(first.outOf(0)).isEqualTo(home + "\n");
            assertThat(first.err()).contains("downloading http://").contains("Temurin 25 is in " + home);
            assertThat(run("need_jdk; echo \"$jdk\"", Map.of()).outOf(0)).isEqualTo(home + "\n");
            assertThat(adoptium.fetched()).isEqualTo(1);
            assertThat(inCache()).containsExactlyInAnyOrder(".lock", "jdk-25");
        }
    }

    @Test
    void twoThatStartTogetherFetchItOnce() throws Exception {
        try (Adoptium adoptium = Adoptium.serving(jdkArchive())) {
            String both = "(need_jdk; echo \"$jdk\") & (need_jdk; echo \"$jdk\"); wait $!";
            assertThat(run(both, unasked(adoptium)).outOf(0).lines())
                    .hasSize(2)
                    .containsOnly(cache().resolve("jdk-25").toString());
            assertThat(adoptium.fetched()).isEqualTo(1);
        }
    }

    @Test
    void withoutATerminalNothingIsFetchedUnasked() throws Exception {
        try (Adoptium adoptium = Adoptium.serving(jdkArchive())) {
            Program.Ended ended = run("need_jdk", Map.of("LAB_ADOPTIUM_URL", adoptium.url()));
            assertThat(ended.code()).isEqualTo(MISSING);
            assertThat(ended.err())
                    .contains("JDK 25 is missing")
                    .contains("LAB_INSTALL_JDK=1")
                    .contains(cache().toString());
            assertThat(adoptium.fetched()).isZero();
        }
    }

    /** Whoever breaks it off has nothing of it left, and may begin again. */
    @Test
    void aFetchThatIsBrokenOffLeavesNothing() throws Exception {
        try (Adoptium adoptium = Adoptium.stalling(jdkArchive())) {
            // The group's Ctrl-C, as a terminal sends it, once the archive is on its way.
            String line = """
                    set -m
                    (need_jdk) & job=$!
                    until ls "$XDG_CACHE_HOME"/tcp-lab/.fetching.*/jdk.tar.gz >/dev/null 2>&1; do sleep 0.05; done
                    kill -INT -- "-$job"
                    wait "$job"
                    """;
            assertThat(run(line, unasked(adoptium)).code()).isEqualTo(INTERRUPTED);
            assertThat(inCache()).containsExactly(".lock");
        }
    }

    @Test
    void whatIsNotWhatTheChecksumSaysIsNotUnpacked() throws Exception {
        try (Adoptium adoptium = Adoptium.serving(jdkArchive(), "0".repeat(64))) {
            assertRefused(adoptium, "doesn't match Adoptium's checksum");
        }
    }

    @Test
    void anArchiveThatEndsEarlyIsRefused() throws Exception {
        try (Adoptium adoptium = Adoptium.breakingOff(jdkArchive())) {
            assertRefused(adoptium, "the download of");
        }
    }

    @Test
    void aServerThatHasNoneIsNamed() throws Exception {
        try (Adoptium adoptium = Adoptium.empty()) {
            assertRefused(adoptium, "has no JDK 25 for this machine");
        }
    }

    @Test
    void aServerThatIsNotThereIsNamed() throws Exception {
        Adoptium adoptium = Adoptium.empty();
        adoptium.close();
        assertRefused(adoptium, "doesn't answer");
    }

    @ParameterizedTest
    @CsvSource({
        "fedora,,sudo dnf install java-25-openjdk-devel",
        "rocky,rhel centos fedora,sudo dnf install java-25-openjdk-devel",
        "alpine,,sudo apk add openjdk25",
        "arch,,sudo pacman -S jdk25-openjdk",
        "opensuse-leap,suse opensuse,sudo zypper install java-25-openjdk-devel",
        "debian,,has no package for it",
        "void,,with your package manager"
    })
    void thePackageIsNamedAsTheDistributionHasIt(String id, String like, String words) throws Exception {
        Path release = temporary.resolve("os-release");
        Files.writeString(
                release, "ID=%s\nID_LIKE=\"%s\"\nPRETTY_NAME=\"%s\"\n".formatted(id, like == null ? "" : like, id));
        Program.Ended ended = run("need_jdk", Map.of("LAB_OS_RELEASE", release.toString()));
        assertThat(ended.code()).isEqualTo(MISSING);
        assertThat(ended.err()).contains(words);
    }

    @Test
    void theLineThatTellsWhereMavenIsComesFromMavensOwn() throws Exception {
        String lines = """
                [INFO] Building TCP Lab 0.1.0-SNAPSHOT                                   [1/14]
                [INFO] Building jar: /somewhere/lab.jar
                [INFO] Building lab-kernel 0.1.0-SNAPSHOT                                [2/14]
                """;
        Program.Ended ended = run("tell_modules <<'END'\n" + lines + "END\n", Map.of());
        assertThat(ended.outOf(0)).isEmpty();
        assertThat(ended.err())
                .isEqualTo("caller: building: 1 of 14, TCP Lab\ncaller: building: 2 of 14, lab-kernel\n");
    }

    private static Map<String, String> unasked(Adoptium adoptium) {
        return Map.of("LAB_INSTALL_JDK", "1", "LAB_ADOPTIUM_URL", adoptium.url());
    }

    private void assertRefused(Adoptium adoptium, String words) throws Exception {
        Program.Ended ended = run("need_jdk", unasked(adoptium));
        assertThat(ended.code()).as(ended.err()).isEqualTo(MISSING);
        assertThat(ended.err()).contains(words);
        assertThat(inCache()).containsExactly(".lock");
    }

    private Path cache() {
        return temporary.resolve("cache/tcp-lab");
    }

    private List<String> inCache() throws IOException {
        try (Stream<Path> files = Files.list(cache())) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    /** Runs a line of bash after sourcing the set-up, where neither JDK nor Maven is to be seen. */
    private Program.Ended run(String line, Map<String, String> environment) throws Exception {
        List<String> hidden =
                List.of("unshare", "--mount", "bash", "-c", HIDING + "exec bash -c \"$0\"", CALLER + line);
        Path out = temporary.resolve("out");
        Path err = temporary.resolve("err");
        ProcessBuilder builder = new ProcessBuilder(hidden)
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        Map<String, String> all = builder.environment();
        all.put("SETUP", SETUP.toString());
        all.put("XDG_CACHE_HOME", temporary.resolve("cache").toString());
        all.put("PATH", temporary.resolve("bin") + ":" + System.getenv("PATH"));
        all.put("no_proxy", "127.0.0.1");
        all.putAll(environment);
        int code = builder.start().waitFor();
        return new Program.Ended(code, Files.readString(out), Files.readString(err));
    }

    /** A stand-in that has these packages, perhaps only once its lists were read; and keeps what it was told to do. */
    private void apt(String packages) throws IOException {
        Path bin = Files.createDirectories(temporary.resolve("bin"));
        Path log = temporary.resolve("apt.log");
        script(bin.resolve("apt-cache"), """
                [[ '%s' != after-update:* || -e '%s' ]] || exit 0
                [[ ' %s ' == *" $2 "* ]] && printf '%%s:\\n  Installed: (none)\\n  Candidate: 1\\n' "$2"
                exit 0
                """.formatted(packages, log, packages));
        script(bin.resolve("apt-get"), """
                echo "$*" >>'%s'
                [[ $* != *openjdk-25* ]] || { mkdir -p /usr/lib/jvm/apts-25 && cp -r '%s'/. /usr/lib/jvm/apts-25; }
                """.formatted(log, jdk()));
    }

    private Path jdk() throws IOException {
        Path jdk = temporary.resolve("jdk/jdk-25.0.9+1");
        Path bin = Files.createDirectories(jdk.resolve("bin"));
        Files.writeString(jdk.resolve("release"), "JAVA_VERSION=\"25.0.9\"\n");
        script(bin.resolve("java"), "exit 0\n");
        script(bin.resolve("javac"), "exit 0\n");
        return jdk;
    }

    private byte[] jdkArchive() throws Exception {
        Path file = temporary.resolve("jdk.tar.gz");
        String folder = jdk().toString();
        // As Adoptium's: one folder at the top.
        List<String> tar = List.of("tar", "-czf", file.toString(), "-C", folder + "/..", "jdk-25.0.9+1");
        assertThat(new ProcessBuilder(tar).start().waitFor()).isZero();
        return Files.readAllBytes(file);
    }

    private static void script(Path file, String text) throws IOException {
        Files.writeString(file, "#!/usr/bin/env bash\n" + text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
