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
import java.util.function.Function;
import picocli.CommandLine.Help.Ansi.IStyle;
import picocli.CommandLine.Help.Ansi.Style;
import picocli.CommandLine.Help.Ansi.Text;
import picocli.CommandLine.Help.ColorScheme;
import picocli.CommandLine.Help.Column;
import picocli.CommandLine.Help.Column.Overflow;

/** A comparison as text: a table a measure for a terminal, a line a fact for a pipe. */
public final class CompareText {
    private static final int BAR = 12;
    private static final int GAP = 2;
    private static final int MIN_WORDS = 24;

    private CompareText() {}

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
        ComparePhrases.machines(comparison).forEach(line -> lines.add("machine: " + line));
        comparison.notes().forEach(note -> lines.add("note: " + note));
        return lines.stream()
                .map(line ->
                        line.startsWith(comparison.experiment() + ":") ? line : comparison.experiment() + ": " + line)
                .toList();
    }

    /** For a terminal. */
    public static String table(ComparisonResult comparison, ColorScheme colours, int width) {
        Page page = new Page(colours, width);
        page.line(page.styled(ComparePhrases.headline(comparison), Style.bold));
        ComparePhrases.telling(comparison).forEach(result -> add(page, comparison, result));
        String nothing = ComparePhrases.nothing(comparison);
        if (!nothing.isEmpty()) {
            page.append("\n").paragraph(0, 2, "0 in every setting: " + nothing, Style.faint);
        }
        section(
                page,
                "read back from the hosts, per setting",
                comparison.sysctls().stream().map(ComparePhrases::values).toList());
        section(
                page,
                "why",
                comparison.reasons().stream().map(ComparePhrases::reason).toList());
        section(page, "the runs", ComparePhrases.runs(comparison));
        section(page, "the machines", ComparePhrases.machines(comparison));
        section(page, "notes", comparison.notes());
        return page.append("\n").toString();
    }

    private static void add(Page page, ComparisonResult comparison, MeasureResult result) {
        int figures = GAP + widest(comparison, setting -> ComparePhrases.figures(result, setting.number()));
        int label = Math.min(
                GAP + widest(comparison, SettingResult::label),
                Math.max(MIN_WORDS, page.width() - BAR - figures - 2 * GAP - MIN_WORDS));
        double most = largest(result);
        page.append("\n")
                .paragraph(0, 2, result.measure().name() + ": " + ComparePhrases.meaning(result))
                .rows(
                        List.of(
                                new Column(label + GAP, GAP, Overflow.WRAP),
                                new Column(BAR + GAP, GAP, Overflow.TRUNCATE),
                                new Column(figures + GAP, GAP, Overflow.TRUNCATE),
                                new Column(
                                        Math.max(MIN_WORDS, page.width() - label - BAR - figures - 3 * GAP),
                                        GAP,
                                        Overflow.WRAP)),
                        comparison.settings().stream()
                                .map(setting -> row(page, result, setting, most))
                                .toList());
    }

    private static int widest(ComparisonResult comparison, Function<SettingResult, String> text) {
        return comparison.settings().stream()
                .map(text)
                .mapToInt(String::length)
                .max()
                .orElse(0);
    }

    private static List<Text> row(Page page, MeasureResult result, SettingResult setting, double most) {
        return List.of(
                page.styled(setting.label()),
                page.styled(bar(result.summaries().get(setting.number() - 1), most), Style.fg_cyan),
                page.styled(ComparePhrases.figures(result, setting.number())),
                page.styled(ComparePhrases.words(result, setting.number()), colour(result, setting)));
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

    private static void section(Page page, String title, List<String> lines) {
        if (!lines.isEmpty()) {
            page.append("\n").line(page.styled(title, Style.faint));
            lines.forEach(line -> page.paragraph(0, 2, "  " + line));
        }
    }
}
