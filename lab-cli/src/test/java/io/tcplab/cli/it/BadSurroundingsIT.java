package io.tcplab.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A disk without room, a folder that can't be written, an output that nobody reads: said in words, and nothing is left. */
@Tag("slow")
class BadSurroundingsIT {
    private static final String EXPERIMENT = "three-way-handshake";
    private static final int USAGE = 64;
    private static final Duration PATIENCE = Duration.ofMinutes(4);

    @Test
    void aFullDiskIsSaidBeforeAnythingStarts() throws Exception {
        try (World world = World.create()) {
            world.output("sh", "-c", "mkdir full && mount -t tmpfs -o size=16k small full");
            assertRefused(world, "full", "No space left on device");
            assertThat(world.output("ls", "-A", "full")).isEmpty();
        }
    }

    @Test
    void aDiskThatFillsUpDuringTheRunCostsTheResultsAndNotTheVerdict() throws Exception {
        try (World world = World.create()) {
            // Room for the first file, but not for the page.
            world.output("sh", "-c", "mkdir small && mount -t tmpfs -o size=72k small small");
            Program.Ended ended = end(world.lab("run", EXPERIMENT, "--out", "small"));
            assertThat(ended.code()).as(ended.out() + ended.err()).isNotZero();
            assertThat(ended.out()).contains(EXPERIMENT + ": confirmed in ");
            assertThat(ended.err()).contains("No space left on device").doesNotContain("internal error");
            assertNothingRuns(world);
        }
    }

    @Test
    void aReadOnlyFolderIsSaidBeforeAnythingStarts() throws Exception {
        try (World world = World.create()) {
            world.output("sh", "-c", "mkdir still && mount -t tmpfs -o ro still still");
            assertRefused(world, "still", "Read-only file system");
        }
    }

    @Test
    void aClosedOutputEndsNoRun() throws Exception {
        try (World world = World.create()) {
            String lab = Installation.checkout().lab().toString();
            Program.Ended closed = end(world.command("sh", "-c", lab + " run " + EXPERIMENT + " >&-"));
            assertThat(closed.code()).as(closed.err()).isZero();
            Program.Ended unread =
                    end(world.command("sh", "-c", "(" + lab + " run " + EXPERIMENT + "; echo $? >code) | true"));
            assertThat(unread.code()).as(unread.err()).isZero();
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

    /** Said before anything starts. */
    private static void assertRefused(World world, String folder, String problem)
            throws IOException, InterruptedException {
        Program.Ended ended = end(world.lab("run", EXPERIMENT, "--out", folder));
        assertThat(ended.code()).as(ended.err()).isEqualTo(USAGE);
        assertThat(ended.err()).contains(folder, problem, "--out DIR");
    }

    private static Program.Ended end(ProcessBuilder command) throws IOException, InterruptedException {
        return Program.end(command, PATIENCE);
    }
}
