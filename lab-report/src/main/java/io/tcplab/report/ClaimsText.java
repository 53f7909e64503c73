package io.tcplab.report;

import io.tcplab.experiments.claims.ClaimResult;
import io.tcplab.experiments.claims.ClaimVerdict;
import java.util.List;
import picocli.CommandLine.Help.Ansi.IStyle;
import picocli.CommandLine.Help.Ansi.Style;
import picocli.CommandLine.Help.Ansi.Text;
import picocli.CommandLine.Help.ColorScheme;
import picocli.CommandLine.Help.Column;
import picocli.CommandLine.Help.Column.Overflow;
import picocli.CommandLine.Help.TextTable;

/** The claims for a person at a terminal, and for a pipe. */
public final class ClaimsText {
    private static final int NUMBER = 4;
    private static final int VERDICT = 16;

    private ClaimsText() {}

    /** For a pipe or a log: a line a claim, whole in itself. */
    public static List<String> lines(ClaimsReport report) {
        return report.claims().stream()
                .map(result -> "%d: %s: %s: %s%s"
                        .formatted(
                                result.claim().number(),
                                result.verdict().label(),
                                result.claim().text(),
                                result.evidence(),
                                experiments(result)))
                .toList();
    }

    /** For a terminal: the claim, under it the evidence and who decided it; what was set for that at the end. */
    public static String table(ClaimsReport report, ColorScheme colours, int width) {
        StringBuilder out = new StringBuilder();
        for (ClaimResult result : report.claims()) {
            out.append(row(result, colours, width));
        }
        if (!report.settings().isEmpty()) {
            out.append("\nSet for these runs, to shorten long timers or to make the case:\n");
            report.settings().forEach(setting -> out.append(paragraph(setting, colours, width)));
        }
        return out.append('\n').toString();
    }

    /** The last line. */
    public static String summary(ClaimsReport report) {
        return report.summary();
    }

    private static String row(ClaimResult result, ColorScheme colours, int width) {
        TextTable table = TextTable.forColumns(
                colours,
                new Column(NUMBER, 0, Overflow.TRUNCATE),
                new Column(VERDICT, 1, Overflow.TRUNCATE),
                new Column(width - NUMBER - VERDICT, 0, Overflow.WRAP));
        table.indentWrappedLines = 0;
        IStyle colour = colour(result.verdict());
        table.addRowValues(
                styled("%3d".formatted(result.claim().number()), colours),
                styled(result.verdict().label(), colours, colour, Style.bold),
                styled(result.claim().text(), colours));
        Text nothing = styled("", colours);
        table.addRowValues(nothing, nothing, styled(result.evidence() + experiments(result), colours, Style.faint));
        return table.toString();
    }

    private static String paragraph(String text, ColorScheme colours, int width) {
        TextTable table = TextTable.forColumns(colours, new Column(width, 2, Overflow.WRAP));
        table.indentWrappedLines = 2;
        table.addRowValues(styled(text, colours, Style.faint));
        return table.toString();
    }

    private static String experiments(ClaimResult result) {
        List<String> names = ClaimsReport.experiments(result);
        return names.isEmpty() ? "" : " (" + String.join(", ", names) + ")";
    }

    /** Not to be read as picocli's markup, whatever is in it. */
    private static Text styled(String text, ColorScheme colours, IStyle... styles) {
        return colours.apply(text, List.of(styles));
    }

    private static IStyle colour(ClaimVerdict verdict) {
        return switch (verdict) {
            case TRUE -> Style.fg_green;
            case FALSE -> Style.fg_red;
            case CONDITIONAL -> Style.fg_yellow;
            case OBSOLETE -> Style.fg_cyan;
            case NOT_DECIDABLE -> Style.fg_magenta;
        };
    }
}
