package io.tcplab.report;

import io.tcplab.compare.statistics.Summary;
import io.tcplab.compare.verdict.ComparisonResult;
import io.tcplab.compare.verdict.Effect;
import io.tcplab.compare.verdict.MeasureResult;
import io.tcplab.compare.verdict.Sense;
import io.tcplab.compare.verdict.SettingResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine.Help.Ansi.IStyle;
import picocli.CommandLine.Help.Ansi.Style;
import picocli.CommandLine.Help.Ansi.Text;
import picocli.CommandLine.Help.ColorScheme;
import picocli.CommandLine.Help.Column;
import picocli.CommandLine.Help.Column.Overflow;
import picocli.CommandLine.Help.TextTable;

/** A comparison as text: a table a measure for a terminal, a line a fact for a pipe. */
public final class CompareText {
    private static final int BAR = 12;
    private static final int GAP = 2;
    private static final int MIN_WORDS = 24;

    private final ColorScheme colours;
    private final int width;

    private CompareText(ColorScheme colours, int width) {
        this.colours = colours;
        this.width = width;
    }

    /** For a pipe or a log: a line for each setting of each measure, whole in itself. */
    public static List<String> lines(ComparisonResult comparison) {
        List<String> lines = new ArrayList<>(List.of(ComparePhrases.headline(comparison)));
        for (MeasureResult result : comparison.measures()) {
            for (SettingResult setting : comparison.settings()) {
                String words = ComparePhrases.words(result, setting.number());
                lines.add("%s: %s: %s%s"
                        .formatted(
                                result.measure().name(),
                                setting.label(),
                                ComparePhrases.figuresWithUnit(result, setting.number()),
                                words.isEmpty() ? "" : ": " + words));
            }
        }
        comparison.sysctls().forEach(sysctl -> lines.add("read back: " + ComparePhrases.values(sysctl)));
        comparison.reasons().forEach(reason -> lines.add("why: " + ComparePhrases.reason(reason)));
        lines.addAll(ComparePhrases.runs(comparison));
        comparison.notes().forEach(note -> lines.add("note: " + note));
        return lines.stream()
                .map(line ->
                        line.startsWith(comparison.experiment() + ":") ? line : comparison.experiment() + ": " + line)
                .toList();
    }

    /** For a terminal. */
    public static String table(ComparisonResult comparison, ColorScheme colours, int width) {
        return new CompareText(colours, width).table(comparison);
    }

    private String table(ComparisonResult comparison) {
        StringBuilder out = new StringBuilder();
        out.append(styled(ComparePhrases.headline(comparison), Style.bold)).append("\n");
        for (MeasureResult result : ComparePhrases.telling(comparison)) {
            out.append('\n').append(table(comparison, result));
        }
        String nothing = ComparePhrases.nothing(comparison);
        if (!nothing.isEmpty()) {
            out.append('\n').append(paragraph("0 in each of them: " + nothing, Style.faint));
        }
        section(
                out,
                "read back from the hosts, by setting",
                comparison.sysctls().stream().map(ComparePhrases::values).toList());
        section(
                out,
                "why",
                comparison.reasons().stream().map(ComparePhrases::reason).toList());
        section(out, "the runs", ComparePhrases.runs(comparison));
        section(out, "notes", comparison.notes());
        return out.append('\n').toString();
    }

    private String table(ComparisonResult comparison, MeasureResult result) {
        int label = GAP
                + comparison.settings().stream()
                        .mapToInt(setting -> setting.label().length())
                        .max()
                        .orElse(0);
        int figures = GAP
                + comparison.settings().stream()
                        .mapToInt(setting ->
                                ComparePhrases.figures(result, setting.number()).length())
                        .max()
                        .orElse(0);
        label = Math.min(label, Math.max(MIN_WORDS, width - BAR - figures - 2 * GAP - MIN_WORDS));
        TextTable table = TextTable.forColumns(
                colours,
                new Column(label + GAP, GAP, Overflow.WRAP),
                new Column(BAR + GAP, GAP, Overflow.TRUNCATE),
                new Column(figures + GAP, GAP, Overflow.TRUNCATE),
                new Column(Math.max(MIN_WORDS, width - label - BAR - figures - 3 * GAP), GAP, Overflow.WRAP));
        table.indentWrappedLines = 0;
        double most = largest(result);
        for (SettingResult setting : comparison.settings()) {
            Optional<Summary> summary = result.summaries().get(setting.number() - 1);
            table.addEmptyRow();
            int row = table.rowCount() - 1;
            table.putValue(row, 0, styled(setting.label()));
            table.putValue(row, 1, styled(bar(summary, most), Style.fg_cyan));
            table.putValue(row, 2, styled(ComparePhrases.figures(result, setting.number())));
            table.putValue(row, 3, styled(ComparePhrases.words(result, setting.number()), colour(result, setting)));
        }
        String rows = table.toString()
                .lines()
                .filter(line -> !line.isBlank())
                .map(String::stripTrailing)
                .collect(Collectors.joining("\n", "", "\n"));
        return paragraph(result.measure().name() + ": " + ComparePhrases.meaning(result)) + rows;
    }

    private static double largest(MeasureResult result) {
        return result.summaries().stream()
                .flatMap(Optional::stream)
                .mapToDouble(Summary::median)
                .filter(Double::isFinite)
                .max()
                .orElse(0);
    }

    /** In eighths of a column, so that small differences show; what never ends has the whole length. */
    private static String bar(Optional<Summary> summary, double most) {
        double median = summary.map(Summary::median).orElse(0.0);
        if (median <= 0 || (most <= 0 && Double.isFinite(median))) {
            return "";
        }
        int eighths = Double.isInfinite(median) ? 8 * BAR : (int) Math.max(1, Math.round(8 * BAR * median / most));
        String part = eighths % 8 == 0 ? "" : String.valueOf((char) ('█' + 8 - eighths % 8));
        return "█".repeat(eighths / 8) + part;
    }

    private static IStyle[] colour(MeasureResult result, SettingResult setting) {
        if (setting.number() == 1) {
            return new IStyle[0];
        }
        var finding = result.findings().get(setting.number() - 2);
        if (!finding.effect().isTold()) {
            return new IStyle[] {Style.fg_yellow};
        }
        if (finding.effect() == Effect.NONE) {
            return new IStyle[] {Style.faint};
        }
        return finding.sense() == Sense.BETTER
                ? new IStyle[] {Style.fg_green}
                : finding.sense() == Sense.WORSE ? new IStyle[] {Style.fg_red} : new IStyle[] {Style.bold};
    }

    private void section(StringBuilder out, String title, List<String> lines) {
        if (!lines.isEmpty()) {
            out.append('\n').append(styled(title, Style.faint)).append('\n');
            lines.forEach(line -> out.append(paragraph("  " + line)));
        }
    }

    private String paragraph(String text, IStyle... styles) {
        TextTable table = TextTable.forColumns(colours, new Column(width, 0, Overflow.WRAP));
        table.indentWrappedLines = 2;
        table.addRowValues(styled(text, styles));
        return table.toString().lines().map(String::stripTrailing).collect(Collectors.joining("\n", "", "\n"));
    }

    /** Not to be read as picocli's markup, whatever is in it. */
    private Text styled(String text, IStyle... styles) {
        return colours.apply(text, List.of(styles));
    }
}
