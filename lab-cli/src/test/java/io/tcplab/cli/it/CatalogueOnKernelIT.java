package io.tcplab.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.experiments.catalogue.Catalogue;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Each experiment on another kernel. An emulated guest may be too slow for one, never wrong about it. */
@Tag("kernels")
class CatalogueOnKernelIT {
    private static final Duration PATIENCE = Duration.ofMinutes(12);
    private static final int MAY_BE_TOO_SLOW = 5;

    @TempDir
    private Path temporary = Path.of("");

    @Test
    void nothingIsRefutedThere() throws Exception {
        List<String> verdicts = verdicts();
        assertThat(verdicts).doesNotContain("refuted");
        assertThat(verdicts.stream().filter("inconclusive"::equals).count()).isLessThanOrEqualTo(MAY_BE_TOO_SLOW);
    }

    @Test
    void nothingIsConfirmedThereWithoutItsFault() throws Exception {
        List<String> verdicts = verdicts("--without-fault");
        assertThat(verdicts).doesNotContain("confirmed");
        assertThat(verdicts.stream().filter("inconclusive"::equals).count()).isLessThanOrEqualTo(MAY_BE_TOO_SLOW);
    }

    private List<String> verdicts(String... more) throws Exception {
        List<String> command = new ArrayList<>(List.of("run", "--all", "--kernel", KernelsIT.KERNEL, "--json", "-"));
        command.addAll(List.of(more));
        try (Program run = Program.start(KernelsIT.WITH_CACHE, temporary, command.toArray(String[]::new))) {
            Program.Ended ended = run.awaitEnd(PATIENCE);
            Report report = Report.of(ended.out());
            assertThat(report.runs()).as(ended.err()).hasSize(Catalogue.all().size());
            return report.runs().stream()
                    .map((JsonNode each) -> each.get("verdict").asString())
                    .toList();
        }
    }
}
