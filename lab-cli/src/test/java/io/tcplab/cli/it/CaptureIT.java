package io.tcplab.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code lab run --capture}, its files read by tcpdump, which shares no code with the lab. */
@Tag("slow")
class CaptureIT {
    private static final String RESULTS = "lab-results/latest";

    @TempDir
    private Path temporary = Path.of("");

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void tcpdumpFindsWhatTheRunsAreToldToDo(boolean asRoot) throws Exception {
        Installation installation = Installation.copiedTo(temporary);
        String[] command = {"run", "simultaneous-close", "three-way-handshake", "--capture"};
        try (Program run = asRoot
                ? Program.start(installation, temporary, command)
                : Program.startAsUser(installation, temporary, command)) {
            Program.Ended ended = run.awaitEnd();
            assertThat(ended.code()).as(ended.err()).isZero();
            Path results = run.folder().resolve(RESULTS);
            // Five connections over the wire, both ends of which close. On a busy machine a segment may be sent again.
            List<String> closes = Tcpdump.read(results.resolve("simultaneous-close-1-fault.pcapng"));
            assertThat(sent(closes, "[S]")).hasSize(5);
            assertThat(sent(closes, "[S.]")).hasSize(5);
            assertThat(sent(closes, "[F.]")).hasSize(10);
            // Ten over a veth pair; without a listener as many RSTs.
            List<String> opens = Tcpdump.read(results.resolve("three-way-handshake-1-fault.pcapng"));
            assertThat(sent(opens, "[S.]")).hasSize(10);
            List<String> refused = Tcpdump.read(results.resolve("three-way-handshake-1-control.pcapng"));
            assertThat(sent(refused, "[R.]")).hasSize(10);
        }
    }

    @Test
    void aSingleRunsFilesHaveShortNames() throws Exception {
        try (Program run = Program.start(temporary, "run", "simultaneous-close", "--without-fault", "--capture")) {
            assertThat(run.awaitEnd().code()).isEqualTo(1);
            assertThat(Tcpdump.read(temporary.resolve(RESULTS).resolve("capture.pcapng")))
                    .isNotEmpty();
        }
    }

    @Test
    void anInterruptedCaptureIsReadable() throws Exception {
        try (Program run = Program.start(temporary, "run", "time-wait-storm", "lost-final-ack", "--capture")) {
            run.awaitErr("requests a second");
            run.awaitErr("lost-final-ack (fault): ");
            run.signal("INT");
            Program.Ended ended = run.awaitEnd();
            assertThat(ended.code()).as(ended.err()).isEqualTo(130);
            for (String experiment : List.of("time-wait-storm", "lost-final-ack")) {
                assertThat(Tcpdump.read(temporary.resolve(RESULTS).resolve(experiment + "-1-fault.pcapng")))
                        .isNotEmpty();
            }
        }
    }

    @Test
    void aDiskThatFillsUpIsToldAndTheFileIsReadable() throws Exception {
        List<String> small = List.of(
                "unshare",
                "--mount",
                "bash",
                "-c",
                "mkdir small && mount -t tmpfs -o size=1m none small && \"$@\" --out small; code=$?"
                        + "; tcpdump -nn -r small/latest/capture.pcapng 2>&1 >packets | tail -n +2; wc -l <packets; exit $code",
                "bash");
        try (Program run = Program.start(small, temporary, "run", "linger-reset", "--capture")) {
            Program.Ended ended = run.awaitEnd();
            assertThat(ended.code()).as(ended.err()).isEqualTo(64);
            assertThat(ended.err())
                    .contains("small/")
                    .containsPattern("capture.pcapng: No space left on device; it ends after [\\d,]+ packets")
                    .doesNotContain("mistake in the lab");
            assertThat(ended.out()).contains("linger-reset: confirmed").doesNotContain("truncated");
        }
    }

    @Test
    void aDiskThatIsFullIsToldBeforeTheRun() throws Exception {
        List<String> full = List.of(
                "unshare",
                "--mount",
                "bash",
                "-c",
                "mkdir full && mount -t tmpfs -o size=4k none full && exec \"$@\" --out full",
                "bash");
        try (Program run = Program.start(full, temporary, "run", "half-close", "--capture")) {
            Program.Ended ended = run.awaitEnd();
            assertThat(ended.code()).as(ended.err()).isEqualTo(64);
            assertThat(ended.err())
                    .contains("No space left on device")
                    .contains("--out DIR")
                    .doesNotContain("half-close: started");
        }
    }

    /** From which end to which, and with which sequence number; what was sent twice counts once. */
    private static Set<String> sent(List<String> lines, String flags) {
        return lines.stream()
                .filter(line -> line.contains(flags))
                .map(line -> line.replaceFirst("(: Flags \\S+, seq \\d+).*", "$1"))
                .collect(Collectors.toSet());
    }
}
