package io.tcplab.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The archive of a release, of the program that this build has made. {@code scripts/release --test} tries all that a release
 * has: its packages, too.
 */
@Tag("slow")
class ReleaseIT {
    private static final Path PACKAGING =
            Path.of("../packaging").toAbsolutePath().normalize();
    private static final Path PROGRAM = Path.of("target/lab").toAbsolutePath();
    private static final String ARCHITECTURE = System.getProperty("os.arch").replace("amd64", "x86_64");
    private static final String EPOCH = "1764000000";
    private static final long MOST_BYTES = 90_000_000;

    @TempDir
    static Path folder;

    private static Path archive = Path.of("");

    @BeforeAll
    static void pack() throws Exception {
        archive = pack("once");
    }

    @Test
    void comesToAVerdictWhereNothingIsInstalled() throws Exception {
        Program.Ended tried = call(PACKAGING.resolve("try").toString(), archive.toString());
        assertThat(tried.outOf(0))
                .startsWith("try: " + archive.getFileName() + ": lab ")
                .contains(", first verdict after ");
    }

    @Test
    void isTheSameTwiceAndNotLarge() throws Exception {
        Path again = pack("twice");
        assertThat(Files.mismatch(archive, again)).as("first byte that differs").isEqualTo(-1);
        assertThat(Files.size(archive)).isLessThan(MOST_BYTES);
    }

    @Test
    void saysWhatAnotherArchitectureNeeds() throws Exception {
        String other = ARCHITECTURE.equals("x86_64") ? "aarch64" : "x86_64";
        Program.Ended tree = tree(other, folder.resolve("other"));
        assertThat(tree.code()).isEqualTo(2);
        assertThat(tree.err()).contains("a runtime for " + other + " needs the jmods of ");
    }

    private static Path pack(String name) throws Exception {
        Path tree = folder.resolve(name);
        tree(ARCHITECTURE, tree).outOf(0);
        Path archive = Files.createDirectory(folder.resolve(name + "-packed"))
                .resolve("tcp-lab-test-linux-" + ARCHITECTURE + ".tar.gz");
        call(PACKAGING.resolve("tar").toString(), tree.toString(), archive.toString())
                .outOf(0);
        return archive;
    }

    private static Program.Ended tree(String architecture, Path tree) throws Exception {
        return call(PACKAGING.resolve("tree").toString(), architecture, PROGRAM.toString(), tree.toString());
    }

    private static Program.Ended call(String... command) throws IOException, InterruptedException {
        File out = folder.resolve("out").toFile();
        File err = folder.resolve("err").toFile();
        ProcessBuilder builder =
                new ProcessBuilder(List.of(command)).redirectOutput(out).redirectError(err);
        builder.environment().putAll(Map.of("SOURCE_DATE_EPOCH", EPOCH, "GZIP_LEVEL", "1"));
        int code = builder.start().waitFor();
        return new Program.Ended(code, Files.readString(out.toPath()), Files.readString(err.toPath()));
    }
}
