package io.tcplab.report;

import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Help.Ansi.IStyle;
import picocli.CommandLine.Help.Ansi.Style;
import picocli.CommandLine.Help.Ansi.Text;
import picocli.CommandLine.Help.ColorScheme;
import picocli.CommandLine.Help.Column;
import picocli.CommandLine.Help.Column.Overflow;
import picocli.CommandLine.Help.TextTable;

/** A page for a terminal: lines, paragraphs and tables, wrapped at its width and in its colours. */
public final class Page {
    private static final int INDENT = 2;
    private static final int TERM_WIDTH = 36;

    private final ColorScheme colours;
    private final int width;
    private final StringBuilder text = new StringBuilder();

    /**
     * An empty one.
     *
     * @param colours of the terminal, or none
     * @param width of the terminal, in columns
     */
    public Page(ColorScheme colours, int width) {
        this.colours = colours;
        this.width = width;
    }

    /** How many columns there are. */
    public int width() {
        return width;
    }

    /** In these styles, if the terminal has any; not to be read as picocli's markup, whatever is in it. */
    public Text styled(String words, IStyle... styles) {
        return colours.apply(words, List.of(styles));
    }

    /** What is ready: a line, or several, each ended. */
    public Page append(String lines) {
        text.append(lines);
        return this;
    }

    /** Parts of a line, in one. */
    public Page line(Object... parts) {
        for (Object part : parts) {
            text.append(part);
        }
        text.append('\n');
        return this;
    }

    /**
     * A paragraph.
     *
     * @param indent of all lines, in columns
     * @param hanging how much further those after the first are indented
     */
    public Page paragraph(int indent, int hanging, String words, IStyle... styles) {
        TextTable table = TextTable.forColumns(colours, new Column(width, indent, Overflow.WRAP));
        table.indentWrappedLines = hanging;
        table.addRowValues(styled(words, styles));
        text.append(table);
        return this;
    }

    /** Paragraphs with empty lines between them; other line breaks are those of the source only. */
    public Page prose(String words) {
        String[] paragraphs = words.strip().split("\\n\\s*\\n", -1);
        for (int i = 0; i < paragraphs.length; i++) {
            append(i > 0 ? "\n" : "").paragraph(INDENT, 0, paragraphs[i].replaceAll("\\s+", " "));
        }
        return this;
    }

    /** A title, with an empty line before it unless it is the first. */
    public Page heading(String words) {
        return append(text.isEmpty() ? "" : "\n").line(styled(words, Style.bold));
    }

    /** A word and what it means, side by side. */
    public Page term(String term, String meaning) {
        return row(
                List.of(
                        new Column(TERM_WIDTH, INDENT, Overflow.SPAN),
                        new Column(width - TERM_WIDTH, INDENT, Overflow.WRAP)),
                styled(term, Style.fg_cyan),
                styled(meaning));
    }

    /** A row side by side; what follows a cell that doesn't fit begins on a line of its own. */
    public Page row(List<Column> columns, Text... cells) {
        TextTable table = TextTable.forColumns(colours, columns.toArray(Column[]::new));
        table.indentWrappedLines = 0;
        table.addRowValues(cells);
        text.append(table);
        return this;
    }

    /** Rows side by side; all cells of a row begin on its first line, whichever of them wrap. */
    public Page rows(List<Column> columns, List<List<Text>> rows) {
        TextTable table = TextTable.forColumns(colours, columns.toArray(Column[]::new));
        table.indentWrappedLines = 0;
        for (List<Text> row : rows) {
            table.addEmptyRow();
            int number = table.rowCount() - 1;
            for (int column = 0; column < row.size(); column++) {
                table.putValue(number, column, row.get(column));
            }
        }
        // A value that wraps sometimes brings an empty line.
        text.append(table.toString()
                .lines()
                .filter(line -> !line.isBlank())
                .map(String::stripTrailing)
                .collect(Collectors.joining("\n", "", "\n")));
        return this;
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
