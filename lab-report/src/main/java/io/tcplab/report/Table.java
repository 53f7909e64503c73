package io.tcplab.report;

import java.util.Arrays;
import java.util.List;

/**
 * Rows under headings, as each view shows them in its own way.
 *
 * @param rows each with as many cells as there are columns
 */
record Table(List<Column> columns, List<List<Prose>> rows) {
    /**
     * A column.
     *
     * @param numeric whether its cells are figures, which stand at the right
     */
    record Column(String heading, boolean numeric) {}

    Table {
        columns = List.copyOf(columns);
        rows = List.copyOf(rows);
    }

    /** Columns of words. */
    static List<Column> columns(String... headings) {
        return Arrays.stream(headings).map(Table::words).toList();
    }

    static Column words(String heading) {
        return new Column(heading, false);
    }

    static Column figures(String heading) {
        return new Column(heading, true);
    }

    /** A row of plain text. */
    static List<Prose> row(String... cells) {
        return Arrays.stream(cells).map(Prose::of).toList();
    }
}
