package io.tcplab.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tcplab.experiments.UsageException;
import io.tcplab.report.PastResults.Past;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PastResultsTest {
    private static final LocalDateTime NOW = LocalDateTime.of(2026, 7, 1, 12, 0);

    @TempDir
    private Path folder = Path.of("");

    @Test
    void areListedTheNewestFirstWithTheirPages() throws IOException {
        ResultsFolder run = ResultsFolder.create(folder, "all", NOW);
        run.write(Samples.report());
        ResultsFolder compare = ResultsFolder.create(folder, "compare-time-wait-storm", NOW.plusHours(1));
        compare.write(CompareSamples.report());
        compare.writePage(to -> Html.write(CompareSamples.report(), to));
        ResultsFolder claims = ResultsFolder.create(folder, "claims", NOW.plusHours(2));
        claims.write(Samples.report());
        claims.write(ClaimsSamples.report());
        Files.createDirectory(folder.resolve("something-else"));
        Files.writeString(Files.createDirectory(folder.resolve("cut-off")).resolve("result.json"), "{\"schema\": ");

        List<Past> past = new PastResults(folder).all();
        assertThat(past).extracting(Past::command).containsExactly("claims", "compare", "run");
        assertThat(past).extracting(each -> each.page().isPresent()).containsExactly(false, true, false);
        assertThat(past.getLast().summary()).isEqualTo("1 confirmed, 1 refuted, 1 inconclusive");
        assertThat(past.get(1).summary()).isEqualTo("time-wait-storm, 3 settings");
    }

    @Test
    void areFoundByNameByPartAndByTheLink() throws IOException {
        ResultsFolder.create(folder, "linger-reset", NOW).write(Samples.report());
        ResultsFolder.create(folder, "half-close", NOW.plusHours(1)).write(Samples.report());
        PastResults past = new PastResults(folder);
        assertThat(past.find("linger").name()).isEqualTo("2026-07-01T120000-linger-reset");
        assertThat(past.find("latest").name()).isEqualTo("2026-07-01T130000-half-close");
        assertThatThrownBy(() -> past.find("2026-07"))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("2 results have that in their name");
        assertThatThrownBy(() -> past.find("nothing"))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("`lab results` lists them");
        assertThatThrownBy(() -> new PastResults(folder.resolve("none")).all())
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("--out DIR");
    }

    @Test
    void aDifferenceNamesWhatChangedAndNothingElse() {
        String before = Written.json(RunJson.of(Samples.report()));
        String after = before.replaceFirst("\"observed\": \"500\"", "\"observed\": \"498\"")
                .replaceFirst("\"verdict\": \"confirmed\"", "\"verdict\": \"refuted\"")
                .replaceFirst("\"seconds\": [0-9.]+", "\"seconds\": 99")
                .replace("\"seed\": 7", "\"seed\": 8");
        ResultsDiff diff = ResultsDiff.of(past(before), past(after));
        assertThat(diff.lines())
                .containsExactlyInAnyOrder(
                        "close-wait-leak: verdict: confirmed -> refuted",
                        "close-wait-leak: every connection is stuck in CLOSE_WAIT, fault, server: observed: 500 -> 498");
        assertThat(diff.same()).isPositive();
        assertThat(ResultsDiff.of(past(before), past(before)).differences()).isEmpty();
    }

    @Test
    void figuresMoveOnlyByMoreThanATenth() {
        assertThat(moved("100", "109")).isEmpty();
        assertThat(moved("100", "120")).hasSize(1);
        assertThat(moved("0", "1")).hasSize(1);
    }

    static ResultsJson json() {
        return ResultsJson.of(List.of(past("{\"schema\": \"lab/run/1\"}")));
    }

    static ResultsJson.Diff diffJson() {
        return ResultsJson.Diff.of(ResultsDiff.of(
                past("{\"schema\": \"lab/run/1\", \"sandbox\": \"host\"}"), past("{\"schema\": \"lab/run/1\"}")));
    }

    private static List<ResultsDiff.Difference> moved(String before, String after) {
        String report = "{\"measurements\": {\"client.rate\": {\"value\": %s}}}";
        return ResultsDiff.of(past(report.formatted(before)), past(report.formatted(after)))
                .differences();
    }

    private static Past past(String json) {
        try {
            return new Past(
                    "2026-07-01T120000-all",
                    Path.of("lab-results"),
                    "run",
                    "3 confirmed",
                    Optional.empty(),
                    StoredReport.parse(json));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
