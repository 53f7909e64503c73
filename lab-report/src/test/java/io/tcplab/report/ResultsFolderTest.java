package io.tcplab.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tcplab.experiments.UsageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultsFolderTest {
    private static final LocalDateTime NOW = LocalDateTime.of(2026, 3, 9, 7, 5, 1);

    @TempDir
    private Path temporary = Path.of("");

    @Test
    void isNamedByTimeAndExperiment() {
        assertThat(ResultsFolder.create(temporary.resolve("new/results"), "close-wait-leak", NOW)
                        .path())
                .isEqualTo(temporary.resolve("new/results/2026-03-09T070501-close-wait-leak"))
                .isDirectory();
    }

    @Test
    void twoOfTheSameSecondGetFoldersOfTheirOwn() {
        ResultsFolder.create(temporary, "all", NOW);
        assertThat(ResultsFolder.create(temporary, "all", NOW).path())
                .isEqualTo(temporary.resolve("2026-03-09T070501-all-2"));
    }

    @Test
    void keepsTheResultAndTheTimelineAndNothingElse() throws IOException {
        ResultsFolder folder = ResultsFolder.create(temporary, "all", NOW);
        folder.write(Samples.report());
        try (Stream<Path> files = Files.list(folder.path())) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("result.json", "timeline.csv");
        }
        Golden.assertSame("run.json", Files.readString(folder.path().resolve("result.json")));
        Golden.assertSame("timeline.csv", Files.readString(folder.path().resolve("timeline.csv")));
    }

    @Test
    void latestPointsToWhatWasWrittenLast() throws IOException {
        ResultsFolder first = ResultsFolder.create(temporary, "first", NOW);
        ResultsFolder second = ResultsFolder.create(temporary, "second", NOW);
        first.write(Samples.report());
        second.write(Samples.report());
        Path latest = temporary.resolve("latest");
        // Relative, so that the folder can be moved.
        assertThat(Files.readSymbolicLink(latest)).isEqualTo(second.path().getFileName());
        first.write(Samples.report());
        assertThat(latest.toRealPath()).isEqualTo(first.path().toRealPath());
    }

    @Test
    void saysBeforehandThatItCannotBeMade() throws IOException {
        Path file = Files.createFile(temporary.resolve("a-file"));
        assertThatThrownBy(() -> ResultsFolder.create(file.resolve("below"), "all", NOW))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("a-file/below")
                .hasMessageContaining("--out DIR");
    }
}
