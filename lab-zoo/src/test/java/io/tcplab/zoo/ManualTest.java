package io.tcplab.zoo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The manual's table of real programs is true: each is a specimen of that cause, and no cause is left out. */
class ManualTest {
    private static final Path MANUAL = Path.of("..", "docs", "diagnose.md");

    /** @param causes one, or some that share a row */
    private record Row(List<String> causes, List<String> programs) {
        static Row of(String line) {
            String[] cells = line.split("\\|", -1);
            return new Row(
                    words(cells[1].replace("`", "")).toList(),
                    cells[2].strip().startsWith("none:")
                            ? List.of()
                            : words(cells[2]).toList());
        }

        private static Stream<String> words(String cell) {
            return Arrays.stream(cell.split(",", -1)).map(String::strip);
        }
    }

    @Test
    void namesProgramsThatHaveTheCause() throws Exception {
        assertThat(rows())
                .allSatisfy(row -> assertThat(row.programs)
                        .allSatisfy(program -> assertThat(specimens(row.causes))
                                .as("%s of %s", row.causes, program)
                                .anyMatch(name -> name.contains(program.toLowerCase(Locale.ROOT)))));
    }

    @Test
    void hasARowForEachCauseOfASpecimen() throws Exception {
        Set<String> told =
                rows().stream().flatMap(row -> row.causes.stream()).collect(Collectors.toCollection(TreeSet::new));
        assertThat(told)
                .containsAll(ZooTest.specimens()
                        .flatMap(specimen -> specimen.causes().stream())
                        .collect(Collectors.toSet()));
    }

    private static List<String> specimens(List<String> causes) {
        return ZooTest.specimens()
                .filter(specimen -> specimen.causes().stream().anyMatch(causes::contains))
                .map(specimen -> specimen.name().toLowerCase(Locale.ROOT))
                .toList();
    }

    private static List<Row> rows() throws IOException {
        List<Row> rows = Files.readAllLines(MANUAL).stream()
                .dropWhile(line -> !line.startsWith("| cause | real programs"))
                .skip(2)
                .takeWhile(line -> line.startsWith("|"))
                .map(Row::of)
                .toList();
        assertThat(rows).hasSizeGreaterThan(20);
        return rows;
    }
}
