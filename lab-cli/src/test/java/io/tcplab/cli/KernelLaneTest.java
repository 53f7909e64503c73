package io.tcplab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.report.KernelRun;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine.Help;

/** What becomes of a lab that was started elsewhere: here a shell stands in for it. */
class KernelLaneTest {
    private static final String WHOLE = "{\"schema\":\"lab/run/1\",\"interrupted\":false,\"runs\":[]}";
    private static final String PART = WHOLE.replace("false", "true");

    @TempDir
    private Path folder = Path.of("");

    @Test
    void aWholeReportCountsWithItsCode() throws Exception {
        KernelLane.Ended ended = lane("echo '%s' >{out}/report.json; exit 1".formatted(WHOLE));
        assertThat(ended.code()).isEqualTo(ExitCode.REFUTED);
        assertThat(run(ended).problem()).isEmpty();
        assertThat(run(ended).report()).isPresent();
    }

    @Test
    void aLabThatCrashedIsNeverConfirmedByWhatItHadWritten() throws Exception {
        KernelLane.Ended ended = lane(
                "mkdir {out}/latest; echo '%s' >{out}/latest/result.json; echo Aborted >&2; exit 134".formatted(PART));
        assertThat(ended.code()).isEqualTo(ExitCode.INCONCLUSIVE);
        assertThat(run(ended).problem()).isEqualTo("the lab ended there before its report: Aborted");
        assertThat(run(ended).report()).isPresent();
    }

    @Test
    void aCrashOfJavaNamesItsFile() throws Exception {
        KernelLane.Ended ended = lane("echo '# SIGILL' >{out}/java-crash.log; exit 0");
        assertThat(ended.code()).isEqualTo(ExitCode.INCONCLUSIVE);
        assertThat(run(ended).problem()).isEqualTo("Java crashed there: see java-crash.log in its folder");
    }

    @Test
    void anInvalidRequestStaysOne() throws Exception {
        KernelLane.Ended ended = lane("echo 'unknown sysctl' >&2; exit 64");
        assertThat(ended.code()).isEqualTo(ExitCode.USAGE);
        assertThat(run(ended).problem()).isEqualTo("the lab ended there before its report: unknown sysctl");
    }

    @Test
    void aGuestsCommandRunsFewerAtOnceUnlessTheUserSaysHowMany() {
        List<String> plain = List.of("java", "-XX:+UseG1GC", "-jar", "lab.jar", "run", "--all");
        assertThat(LabCommand.inGuest(plain))
                .containsSequence("-XX:TieredStopAtLevel=1", "-XX:ErrorFile={out}/java-crash.log", "-jar")
                .endsWith("--jobs=6");
        List<String> asked = List.of("java", "-jar", "lab.jar", "run", "--all", "--jobs", "3");
        assertThat(LabCommand.inGuest(asked)).endsWith("--jobs", "3");
    }

    @Test
    void whatIsGivenAnewReplacesWhatTheUserTyped() {
        List<String> typed =
                List.of("compare", "half-open", "--seed", "3", "--trials=9", "--json", "-", "--set", "a=1,2");
        assertThat(LabCommand.without(typed, List.of("--samples", "--trials=5", "--seed=7")))
                .containsExactly("compare", "half-open", "--set", "a=1,2");
    }

    private static KernelRun run(KernelLane.Ended ended) {
        return ended.run().orElseThrow();
    }

    private KernelLane.Ended lane(String script) throws IOException {
        PrintWriter nowhere = new PrintWriter(new StringWriter());
        Screen screen = new Screen(nowhere, nowhere, false, false, Help.defaultColorScheme(Help.Ansi.OFF), 100);
        try (KernelProgress progress = new KernelProgress(screen)) {
            return new KernelLane(
                            new KernelOption.Lane("host", Optional.empty()),
                            new KernelLane.Shared(
                                    Optional.empty(),
                                    List.of("sh", "-c", script),
                                    Duration.ofMinutes(1),
                                    folder,
                                    progress))
                    .run();
        }
    }
}
