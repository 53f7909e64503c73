package io.tcplab.report;

import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.io.Writer;
import java.util.List;

/** Tables as CSV, for a spreadsheet or a plot: the headings first, then a line a row, as RFC 4180 has it but for \n. */
final class Csv {
    private final Writer to;

    /** Writes the headings. */
    Csv(Writer to, String... headings) throws IOException {
        this.to = to;
        row((Object[]) headings);
    }

    /** Writes a line; each cell as its {@code toString} has it. */
    void row(Object... cells) throws IOException {
        to.write(List.of(cells).stream().map(cell -> quoted(cell.toString())).collect(joining(",", "", "\n")));
    }

    private static String quoted(String text) {
        return text.matches("[^,\"\n]*")
                ? text
                : '"' + text.replace("\"", "\"\"").replace("\n", " ") + '"';
    }
}
