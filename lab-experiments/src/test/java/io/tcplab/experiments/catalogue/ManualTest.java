package io.tcplab.experiments.catalogue;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ManualTest {
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `([a-z0-9-]+)` \\|");

    @Test
    void theManualHasEachExperimentAndNoOther() throws IOException {
        String manual = Files.readString(Path.of("../docs/experiments.md"));
        List<String> rows = ROW.matcher(manual)
                .results()
                .map((MatchResult row) -> row.group(1))
                .toList();
        assertThat(rows).containsExactlyInAnyOrderElementsOf(Catalogue.names());
    }
}
