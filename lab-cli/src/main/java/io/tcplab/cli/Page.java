package io.tcplab.cli;

import picocli.CommandLine.Help.Ansi.Style;
import picocli.CommandLine.Help.Column;
import picocli.CommandLine.Help.Column.Overflow;
import picocli.CommandLine.Help.TextTable;

/** Text in paragraphs, wrapped at the terminal's width. */
final class Page {
    private static final int INDENT = 2;
    private static final int TERM_WIDTH = 36;

    private final Screen screen;
    private final StringBuilder page = new StringBuilder();

    Page(Screen screen) {
        this.screen = screen;
    }

    void heading(String text) {
        if (!page.isEmpty()) {
            gap();
        }
        page.append(screen.styled(text, Style.bold)).append('\n');
    }

    /** One paragraph, or several with empty lines between them; other line breaks are those of the source only. */
    void text(String text) {
        String[] paragraphs = text.strip().split("\\n\\s*\\n", -1);
        for (int i = 0; i < paragraphs.length; i++) {
            if (i > 0) {
                gap();
            }
            TextTable table = table(new Column(screen.width(), INDENT, Overflow.WRAP));
            table.addRowValues(screen.styled(paragraphs[i].replaceAll("\\s+", " ")));
            page.append(table);
        }
    }

    /** A word and what it means, side by side. */
    void term(String term, String meaning) {
        TextTable table = table(
                new Column(TERM_WIDTH, INDENT, Overflow.SPAN),
                new Column(screen.width() - TERM_WIDTH, INDENT, Overflow.WRAP));
        table.addRowValues(screen.styled(term, Style.fg_cyan), screen.styled(meaning));
        page.append(table);
    }

    void gap() {
        page.append('\n');
    }

    void print() {
        screen.out().print(page);
        screen.out().flush();
    }

    private TextTable table(Column... columns) {
        TextTable table = TextTable.forColumns(screen.colours(), columns);
        table.indentWrappedLines = 0;
        return table;
    }
}
