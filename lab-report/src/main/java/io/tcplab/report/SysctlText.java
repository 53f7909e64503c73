package io.tcplab.report;

import io.tcplab.report.SysctlReport.Entry;
import java.util.List;
import java.util.function.Function;
import picocli.CommandLine.Help.Ansi.IStyle;
import picocli.CommandLine.Help.Ansi.Style;
import picocli.CommandLine.Help.Ansi.Text;
import picocli.CommandLine.Help.ColorScheme;
import picocli.CommandLine.Help.Column;
import picocli.CommandLine.Help.Column.Overflow;
import picocli.CommandLine.Help.TextTable;

/** The knobs for a person at a terminal, and for a pipe. */
public final class SysctlText {
    private static final int GAP = 2;
    /** Longer values wrap. */
    private static final int MAX_VALUE = 26;

    private static final int INDENT = 4;

    private SysctlText() {}

    /** For a pipe: a line a knob, which begins as sysctl(8) prints it. */
    public static List<String> lines(SysctlReport report) {
        return report.entries().stream()
                .map(entry -> "%s = %s: default %s, takes %s, %s: %s%s"
                        .formatted(
                                entry.knob().name(),
                                entry.value(),
                                entry.defaultValue(),
                                entry.takes(),
                                entry.scope(),
                                entry.knob().meaning(),
                                shownBy(entry, " (", ")")))
                .toList();
    }

    /** For a terminal: name, value and default in columns, and under them what it takes and what it means. */
    public static String table(SysctlReport report, ColorScheme colours, int width) {
        int name = widest(report, entry -> entry.knob().name(), "sysctl", width);
        int here = widest(report, Entry::value, "here", MAX_VALUE);
        int initial = widest(report, SysctlText::shortDefault, "default", MAX_VALUE);
        StringBuilder out = new StringBuilder();
        TextTable head = row(name, here, initial, colours);
        head.addRowValues(
                styled("sysctl", colours, Style.bold),
                styled("here", colours, Style.bold),
                styled("default", colours, Style.bold));
        out.append(head);
        report.entries().forEach(entry -> append(out, entry, row(name, here, initial, colours), colours, width));
        return out.toString();
    }

    private static void append(StringBuilder out, Entry entry, TextTable row, ColorScheme colours, int width) {
        IStyle[] changed = entry.state().isChanged() ? new IStyle[] {Style.fg_yellow, Style.bold} : new IStyle[0];
        row.addRowValues(
                styled(entry.knob().name(), colours, Style.fg_cyan),
                styled(entry.value(), colours, changed),
                styled(shortDefault(entry), colours));
        TextTable below = TextTable.forColumns(colours, new Column(width, INDENT, Overflow.WRAP));
        below.indentWrappedLines = 0;
        below.addRowValues(styled(
                "%s Takes %s, %s.%s"
                        .formatted(
                                entry.knob().meaning(),
                                entry.takes(),
                                entry.scope(),
                                shownBy(entry, " Shown by ", ".")),
                colours,
                Style.faint));
        out.append(row).append(below);
    }

    private static String shortDefault(Entry entry) {
        return entry.state().defaultValue().isPresent() ? entry.defaultValue() : "varies";
    }

    private static int widest(SysctlReport report, Function<Entry, String> column, String title, int atMost) {
        return Math.min(
                atMost,
                GAP
                        + report.entries().stream()
                                .map(column)
                                .mapToInt(String::length)
                                .reduce(title.length(), Math::max));
    }

    private static TextTable row(int name, int here, int initial, ColorScheme colours) {
        TextTable table = TextTable.forColumns(
                colours,
                new Column(name, 0, Overflow.SPAN),
                new Column(here, 0, Overflow.WRAP),
                new Column(initial, 0, Overflow.WRAP));
        table.indentWrappedLines = 0;
        return table;
    }

    private static String shownBy(Entry entry, String before, String after) {
        return entry.experiments().isEmpty() ? "" : before + String.join(", ", entry.experiments()) + after;
    }

    /** Not to be read as picocli's markup, whatever is in it. */
    static Text styled(String text, ColorScheme colours, IStyle... styles) {
        return colours.apply(text, List.of(styles));
    }
}
