package io.tcplab.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A disk without room, a folder that can't be written, an output that nobody reads: said in words, and nothing is left. */
@Tag("slow")
class BadSurroundingsIT {
    private static final String EXPERIMENT = "three-way-handshake";
    private static final int USAGE = 64;

    /** What a command did. */
    private record Ended(int code, String out, String err) {}

    @Test
    void aFullDiskIsSaidBeforeAnythingStarts() throws Exception {
        try (World world = World.create()) {
            world.output("sh", "-c", "mkdir full && mount -t tmpfs -o size=16k small full");
            Ended ended = end(world.lab("run", EXPERIMENT, "--out", "full"));
            assertThat(ended.code).as(ended.err).isEqualTo(USAGE);
            assertThat(ended.err).contains("full", "No space left on device", "--out DIR");
            assertThat(world.output("ls", "-A", "full")).isEmpty();
        }
    }

    @Test
    void aDiskThatFillsUpDuringTheRunCostsTheResultsAndNotTheVerdict() throws Exception {
        try (World world = World.create()) {
            // Room for the first file, but not for the page.
            world.output("sh", "-c", "mkdir small && mount -t tmpfs -o size=72k small small");
            Ended ended = end(world.lab("run", EXPERIMENT, "--out", "small"));
            assertThat(ended.code).as(ended.out + ended.err).isNotZero();
            assertThat(ended.out).contains(EXPERIMENT + ": confirmed in ");
            assertThat(ended.err).contains("No space left on device").doesNotContain("internal error");
            assertNothingRuns(world);
        }
    }

    @Test
    void aReadOnlyFolderIsSaidBeforeAnythingStarts() throws Exception {
        try (World world = World.create()) {
            world.output("sh", "-c", "mkdir still && mount -t tmpfs -o ro still still");
            Ended ended = end(world.lab("run", EXPERIMENT, "--out", "still"));
            assertThat(ended.code).as(ended.err).isEqualTo(USAGE);
            assertThat(ended.err).contains("still", "Read-only file system", "--out DIR");
        }
    }

    @Test
    void aClosedOutputEndsNoRun() throws Exception {
        try (World world = World.create()) {
            String lab = Installation.checkout().lab().toString();
            Ended closed = end(world.command("sh", "-c", lab + " run " + EXPERIMENT + " >&-"));
            assertThat(closed.code).as(closed.err).isZero();
            Ended unread = end(world.command("sh", "-c", "(" + lab + " run " + EXPERIMENT + "; echo $? >code) | true"));
            assertThat(unread.code).as(unread.err).isZero();
            assertThat(Files.readString(world.path(World.FOLDER + "/code"))).isEqualTo("0\n");
            assertThat(world.output("sh", "-c", "cat lab-results/*/result.json | grep -c '\"verdict\": \"confirmed\"'"))
                    .isNotBlank();
            assertNothingRuns(world);
        }
    }

    /** Its shell gets SIGHUP and so does the lab, as when a connection to the machine breaks. */
    @Test
    void aTerminalThatGoesAwayEndsItAsASignalDoes() throws Exception {
        try (World world = World.create()) {
            String lab = Installation.checkout().lab().toString();
            Process terminal = world.command("script", "-qfec", lab + " run syn-retry-schedule", "/tmp/work/transcript")
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            World.await(() -> Files.exists(world.path("/tmp/work/transcript"))
                    && Files.readString(world.path("/tmp/work/transcript"), StandardCharsets.ISO_8859_1)
                            .contains("syn-retry-schedule"));
            terminal.destroyForcibly();
            World.await(() -> world.processes().isEmpty());
            assertThat(world.output("sh", "-c", "cat lab-results/latest/result.json"))
                    .contains("\"interrupted\": true");
        }
    }

    private static void assertNothingRuns(World world) throws IOException {
        assertThat(world.processes()).isEmpty();
    }

    private static Ended end(ProcessBuilder command) throws IOException, InterruptedException {
        var out = Files.createTempFile("lab", ".out");
        var err = Files.createTempFile("lab", ".err");
        try {
            Process process = command.redirectOutput(out.toFile())
                    .redirectError(err.toFile())
                    .start();
            return new Ended(process.waitFor(), Files.readString(out), Files.readString(err));
        } finally {
            for (var file : List.of(out, err)) {
                Files.delete(file);
            }
        }
    }
}
