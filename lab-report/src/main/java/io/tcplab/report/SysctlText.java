package io.tcplab.report;

import io.tcplab.report.SysctlReport.Entry;
import java.util.List;
import java.util.function.Function;
import picocli.CommandLine.Help.Ansi.IStyle;
import picocli.CommandLine.Help.Ansi.Style;
import picocli.CommandLine.Help.ColorScheme;
import picocli.CommandLine.Help.Column;
import picocli.CommandLine.Help.Column.Overflow;

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
        List<Column> columns = List.of(
                new Column(widest(report, entry -> entry.knob().name(), "sysctl", width), 0, Overflow.SPAN),
                new Column(widest(report, Entry::value, "here", MAX_VALUE), 0, Overflow.WRAP),
                new Column(widest(report, SysctlText::shortDefault, "default", MAX_VALUE), 0, Overflow.WRAP));
        Page page = new Page(colours, width);
        page.row(
                columns,
                page.styled("sysctl", Style.bold),
                page.styled("here", Style.bold),
                page.styled("default", Style.bold));
        report.entries().forEach(entry -> add(page, columns, entry));
        return page.toString();
    }

    private static void add(Page page, List<Column> columns, Entry entry) {
        IStyle[] changed = entry.state().isChanged() ? new IStyle[] {Style.fg_yellow, Style.bold} : new IStyle[0];
        page.row(
                columns,
                page.styled(entry.knob().name(), Style.fg_cyan),
                page.styled(entry.value(), changed),
                page.styled(shortDefault(entry)));
        page.paragraph(
                INDENT,
                0,
                "%s Takes %s, %s.%s"
                        .formatted(
                                entry.knob().meaning(),
                                entry.takes(),
                                entry.scope(),
                                shownBy(entry, " Shown by ", ".")),
                Style.faint);
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

    private static String shownBy(Entry entry, String before, String after) {
        return entry.experiments().isEmpty() ? "" : before + String.join(", ", entry.experiments()) + after;
    }
}
