package io.tcplab.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a verdict rests on is measured by the clock that only goes forward. The host's own clock stays as it is: the lab sees another
 * one.
 */
@Tag("slow")
class ClockIT {
    private static final boolean LONG = Integer.getInteger("lab.torture", 0) > 0;

    /** By a library between the lab and its C library; what the kernel stamps isn't changed, so none of these looks at frames. */
    @Test
    void aClockThatIsSetBackAgainAndAgainChangesNoVerdict(@TempDir Path folder) throws Exception {
        Path source = folder.resolve("clock-back.c");
        try (var text = Objects.requireNonNull(ClockIT.class.getResourceAsStream("clock-back.c"))) {
            Files.copy(text, source);
        }
        Path library = folder.resolve("clock-back.so");
        finish(new ProcessBuilder("cc", "-O", "-shared", "-fPIC", "-o", library.toString(), source.toString()), 0);
        String dates = "for i in 1 2 3 4 5 6 7 8 9 10; do date +%s; sleep 0.2; done";
        ProcessBuilder date = new ProcessBuilder("sh", "-c", dates);
        date.environment().put("LD_PRELOAD", library.toString());
        List<Long> seconds = finish(date, 0).lines().map(Long::valueOf).toList();
        assertThat(seconds.stream().mapToLong(Long::longValue).max().orElseThrow()
                        - seconds.stream().mapToLong(Long::longValue).min().orElseThrow())
                .as("the clock goes back")
                .isGreaterThan(3_000);
        ProcessBuilder lab = lab(
                folder,
                LONG
                        ? new String[] {"close-wait-leak", "close-wait-timeout", "fin-wait2-timeout", "linger-reset"}
                        : new String[] {"three-way-handshake", "linger-reset"});
        lab.environment().put("LD_PRELOAD", library.toString());
        assertThat(finish(lab, 0)).contains(LONG ? "4 confirmed" : "2 confirmed");
    }

    /** As in a container that was moved: its clock that only goes forward isn't the kernel's own, in which tracepoints are stamped. */
    @Test
    void aTimeNamespaceChangesNoVerdict(@TempDir Path folder) throws Exception {
        ProcessBuilder lab = lab(folder, LONG ? new String[] {"--all"} : new String[] {"three-way-handshake"});
        lab.command().addAll(0, List.of("unshare", "--time", "--monotonic", "86400", "--boottime", "86400", "--fork"));
        assertThat(finish(lab, 0)).contains("confirmed").doesNotContain("refuted in", "inconclusive in");
    }

    private static ProcessBuilder lab(Path folder, String... experiments) {
        List<String> command = new ArrayList<>(List.of(
                Installation.checkout().lab().toString(),
                "run",
                "--out",
                folder.resolve("results").toString()));
        command.addAll(List.of(experiments));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().remove("JAVA_TOOL_OPTIONS");
        return builder;
    }

    private static String finish(ProcessBuilder builder, int code) throws IOException, InterruptedException {
        Process process = builder.redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isEqualTo(code);
        return said;
    }
}
