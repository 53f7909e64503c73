package io.tcplab.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The archive for Maven Central, of artifacts that are only named so, and signed by a key that lives as long as the test. */
class MavenCentralIT {
    private static final Path CENTRAL =
            Path.of("../packaging/central").toAbsolutePath().normalize();
    private static final String KEY = "test@example.org";
    private static final String VERSION = "org/example/it/1.0/it-1.0";

    @TempDir
    private Path folder = Path.of("");

    private Path staged = Path.of("");
    private Path archive = Path.of("");

    @BeforeEach
    void stage() throws Exception {
        Files.createDirectories(folder.resolve("gnupg"));
        gpg("--quick-generate-key", "Test <" + KEY + ">", "ed25519", "sign", "1d");
        staged = folder.resolve("maven");
        archive = folder.resolve("central.zip");
        for (String suffix : List.of(".pom", ".jar", "-sources.jar", "-javadoc.jar")) {
            artifact(suffix);
        }
    }

    /** Its agent would outlive the test. */
    @AfterEach
    void endAgent() throws Exception {
        call("gpgconf", "--kill", "all").outOf(0);
    }

    @Test
    void everyFileIsSigned() throws Exception {
        pack(KEY).outOf(0);
        try (ZipFile zip = new ZipFile(archive.toFile())) {
            assertThat(zip.stream().map(ZipEntry::getName).toList())
                    .hasSize(4 * 4)
                    .contains(VERSION + ".pom.asc", VERSION + "-sources.jar.asc", VERSION + "-javadoc.jar.asc");
        }
        gpg(
                "--verify",
                staged.resolve(VERSION + ".jar.asc").toString(),
                staged.resolve(VERSION + ".jar").toString());
    }

    @Test
    void nothingIsSignedWithoutAKey() throws Exception {
        pack("").outOf(0);
        assertThat(staged.resolve(VERSION + ".jar.asc")).doesNotExist();
    }

    @Test
    void aFileThatWasChangedIsRefused() throws Exception {
        Files.writeString(staged.resolve(VERSION + ".jar"), "another");
        refused(pack(KEY), "it-1.0.jar isn't what its .md5 says");
    }

    @Test
    void aJarWithoutDocumentationIsRefused() throws Exception {
        Files.delete(staged.resolve(VERSION + "-javadoc.jar"));
        refused(pack(KEY), "it-1.0.jar has no -javadoc.jar");
    }

    @Test
    void aKeyThatGpgDoesNotHaveIsSaid() throws Exception {
        Program.Ended packed = pack("nobody@example.org");
        assertThat(packed.code()).isEqualTo(2);
        assertThat(packed.err()).contains("gpg has no secret key 'nobody@example.org'");
    }

    private static void refused(Program.Ended packed, String why) {
        assertThat(packed.code()).isEqualTo(1);
        assertThat(packed.err()).contains(why);
    }

    private void artifact(String suffix) throws IOException, NoSuchAlgorithmException {
        Path file = staged.resolve(VERSION + suffix);
        Files.createDirectories(file.getParent());
        Files.writeString(file, suffix);
        for (String sum : List.of("MD5", "SHA1")) {
            byte[] digest = MessageDigest.getInstance(sum).digest(Files.readAllBytes(file));
            Files.writeString(
                    Path.of(file + "." + sum.toLowerCase(Locale.ROOT)),
                    HexFormat.of().formatHex(digest));
        }
    }

    private Program.Ended pack(String key) throws Exception {
        return call(CENTRAL.toString(), staged.toString(), archive.toString(), key);
    }

    private void gpg(String... arguments) throws Exception {
        List<String> command =
                new ArrayList<>(List.of("gpg", "--batch", "--pinentry-mode", "loopback", "--passphrase", ""));
        command.addAll(List.of(arguments));
        call(command.toArray(String[]::new)).outOf(0);
    }

    private Program.Ended call(String... command) throws IOException, InterruptedException {
        File out = folder.resolve("out").toFile();
        File err = folder.resolve("err").toFile();
        ProcessBuilder builder = new ProcessBuilder(command).redirectOutput(out).redirectError(err);
        builder.environment()
                .putAll(Map.of(
                        "GNUPGHOME",
                        folder.resolve("gnupg").toString(),
                        "JAVA_HOME",
                        System.getProperty("java.home"),
                        "SOURCE_DATE_EPOCH",
                        "1764000000"));
        int code = builder.start().waitFor();
        return new Program.Ended(code, Files.readString(out.toPath()), Files.readString(err.toPath()));
    }
}
