package io.tcplab.report;

import io.tcplab.experiments.claims.ClaimResult;
import io.tcplab.experiments.claims.ClaimVerdict;
import java.util.List;
import picocli.CommandLine.Help.Ansi.IStyle;
import picocli.CommandLine.Help.Ansi.Style;
import picocli.CommandLine.Help.ColorScheme;
import picocli.CommandLine.Help.Column;
import picocli.CommandLine.Help.Column.Overflow;

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
        Page page = new Page(colours, width);
        report.claims().forEach(claim -> add(page, claim));
        if (!report.settings().isEmpty()) {
            page.append("\nSet for these runs, to shorten long timers or to create the situation:\n");
            report.settings().forEach(setting -> page.paragraph(2, 2, setting, Style.faint));
        }
        return page.append("\n").toString();
    }

    /** The last line. */
    public static String summary(ClaimsReport report) {
        return report.summary();
    }

    private static void add(Page page, ClaimResult result) {
        List<Column> columns = List.of(
                new Column(NUMBER, 0, Overflow.TRUNCATE),
                new Column(VERDICT, 1, Overflow.TRUNCATE),
                new Column(page.width() - NUMBER - VERDICT, 0, Overflow.WRAP));
        page.row(
                columns,
                page.styled("%3d".formatted(result.claim().number())),
                page.styled(result.verdict().label(), colour(result.verdict()), Style.bold),
                page.styled(result.claim().text()));
        page.row(
                columns,
                page.styled(""),
                page.styled(""),
                page.styled(result.evidence() + experiments(result), Style.faint));
    }

    private static String experiments(ClaimResult result) {
        List<String> names = ClaimsReport.experiments(result);
        return names.isEmpty() ? "" : " (" + String.join(", ", names) + ")";
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
