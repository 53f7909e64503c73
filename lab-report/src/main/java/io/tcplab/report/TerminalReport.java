package io.tcplab.report;

import io.tcplab.experiments.Role;
import io.tcplab.experiments.Verdict;
import io.tcplab.experiments.run.RunResult;
import io.tcplab.kernel.sockets.TcpState;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import picocli.CommandLine.Help.Ansi.IStyle;
import picocli.CommandLine.Help.Ansi.Style;
import picocli.CommandLine.Help.Ansi.Text;
import picocli.CommandLine.Help.ColorScheme;
import picocli.CommandLine.Help.Column;
import picocli.CommandLine.Help.Column.Overflow;

/**
 * The report for a person at a terminal: the verdict, each expectation with what the kernel said with the fault and
 * without it, and how many sockets were in which state over time.
 */
public final class TerminalReport {
    private static final int MARK_WIDTH = 4;
    private static final int GAP = 2;
    /** TextTable wraps a value that fills its column to the last place. */
    private static final int SLACK = 1;

    private static final int MIN_VALUE_WIDTH = 12;
    /** Longer values wrap in favour of the statement. */
    private static final int WANTED_STATEMENT_WIDTH = 40;

    private static final int MIN_STATEMENT_WIDTH = 18;
    private static final int CHART_COLUMNS = 48;
    private static final String INDENT = " ".repeat(MARK_WIDTH);

    private final ColorScheme colours;
    private final int width;

    /**
     * A report without state; {@link #render} may be called from any thread.
     *
     * @param colours of the terminal, or none
     * @param width of the terminal, in columns
     */
    public TerminalReport(ColorScheme colours, int width) {
        this.colours = colours;
        this.width = width;
    }

    /** One run, several lines, the last of them ended. */
    public String render(RunResult run) {
        StringBuilder out = new StringBuilder(headline(run));
        if (Phrases.nothingSeen(run)) {
            return out.append(reason(run)).append('\n').toString();
        }
        out.append(table(ExpectationRow.of(run)));
        appendMeasurements(out, run);
        appendChart(out, run);
        return out.append('\n').toString();
    }

    /** The last line, on all runs. */
    public String summary(RunReport report) {
        return colours.apply(Phrases.summary(report), List.of(colour(report.verdict()), Style.bold)) + "\n";
    }

    private String headline(RunResult run) {
        Text verdict = colours.apply(
                mark(run.verdict()) + " " + Phrases.title(run) + ": "
                        + run.verdict().label(),
                List.of(colour(run.verdict()), Style.bold));
        return verdict + " in " + Figures.seconds(run.seconds()) + "\n";
    }

    private String reason(RunResult run) {
        return page().row(
                        List.of(
                                new Column(MARK_WIDTH, 2, Overflow.TRUNCATE),
                                new Column(width - MARK_WIDTH, 0, Overflow.WRAP)),
                        plain(""),
                        faint(run.reason()))
                .toString();
    }

    private String table(List<ExpectationRow> rows) {
        int origin = widest(rows, row -> Phrases.origin(row.fault()), "evidence");
        int[] values = {
            widest(rows, row -> row.fault().expected(), "expected"),
            widest(rows, ExpectationRow::faultText, "observed"),
            widest(rows, ExpectationRow::controlText, "control")
        };
        shrink(values, width - MARK_WIDTH - origin - WANTED_STATEMENT_WIDTH);
        int statement = Math.max(MIN_STATEMENT_WIDTH, width - MARK_WIDTH - origin - sum(values));
        List<List<Text>> cells = new ArrayList<>();
        cells.add(List.of(
                plain(""), plain(""), faint("evidence"), faint("expected"), faint("observed"), faint("control")));
        rows.forEach(row -> add(cells, row));
        return page().rows(
                        List.of(
                                new Column(MARK_WIDTH, 2, Overflow.TRUNCATE),
                                new Column(statement, 0, Overflow.WRAP),
                                new Column(origin, GAP, Overflow.WRAP),
                                new Column(values[0], GAP, Overflow.WRAP),
                                new Column(values[1], GAP, Overflow.WRAP),
                                new Column(values[2], GAP, Overflow.WRAP)),
                        cells)
                .toString();
    }

    /** Makes columns narrower, always the widest, until all fit or none can give any more; their values then wrap. */
    private static void shrink(int[] columns, int room) {
        while (sum(columns) > room) {
            int widest = 0;
            for (int i = 1; i < columns.length; i++) {
                widest = columns[i] > columns[widest] ? i : widest;
            }
            if (columns[widest] <= MIN_VALUE_WIDTH) {
                return;
            }
            columns[widest]--;
        }
    }

    private static int sum(int[] columns) {
        return Arrays.stream(columns).sum();
    }

    private void add(List<List<Text>> cells, ExpectationRow row) {
        Verdict verdict = row.verdict();
        cells.add(List.of(
                page().styled(mark(verdict), colour(verdict)),
                plain(row.fault().expectation().statement()),
                faint(Phrases.origin(row.fault())),
                plain(row.fault().expected()),
                plain(row.faultText()),
                plain(row.controlText())));
        if (!row.reason().isEmpty()) {
            cells.add(List.of(plain(""), faint(row.reason())));
        }
    }

    private static void appendMeasurements(StringBuilder out, RunResult run) {
        run.measurements().forEach((name, measurement) -> {
            if (!name.endsWith(".peak")) { // the chart tells the peaks
                out.append(INDENT)
                        .append(name)
                        .append(": ")
                        .append(Figures.text(measurement))
                        .append('\n');
            }
        });
    }

    private void appendChart(StringBuilder out, RunResult run) {
        StringBuilder chart = new StringBuilder();
        for (Role host : Role.values()) {
            for (TcpState state : run.fault().timeline().states(host)) {
                if (state != TcpState.LISTEN) { // there is one all the time
                    appendLine(chart, run, host, state);
                }
            }
        }
        if (!chart.isEmpty()) {
            out.append(INDENT)
                    .append(faint("sockets over " + Figures.seconds(run.seconds()) + ", each state up to its peak"))
                    .append('\n')
                    .append(chart);
        }
    }

    private void appendLine(StringBuilder out, RunResult run, Role host, TcpState state) {
        String line = Sparkline.draw(Sparkline.columns(
                run.fault().timeline(), host, state, run.seconds(), Math.min(CHART_COLUMNS, width / 2)));
        out.append(INDENT)
                .append(pad(host.label(), 8))
                .append(pad(state.label(), 13))
                .append(colours.apply(line, List.of(Style.fg_cyan)))
                .append("  ")
                .append(run.fault().timeline().peak(host, state))
                .append('\n');
    }

    private static int widest(List<ExpectationRow> rows, Function<ExpectationRow, String> text, String heading) {
        int widest = rows.stream().map(text).mapToInt(String::length).max().orElse(0);
        return GAP + Math.max(widest, heading.length()) + SLACK;
    }

    private static String pad(String text, int length) {
        return text + " ".repeat(Math.max(1, length - text.length()));
    }

    private Page page() {
        return new Page(colours, width);
    }

    private Text plain(String text) {
        return page().styled(text);
    }

    private Text faint(String text) {
        return page().styled(text, Style.faint);
    }

    private static String mark(Verdict verdict) {
        return switch (verdict) {
            case CONFIRMED -> "✓";
            case REFUTED -> "✗";
            case INCONCLUSIVE -> "?";
        };
    }

    private static IStyle colour(Verdict verdict) {
        return switch (verdict) {
            case CONFIRMED -> Style.fg_green;
            case REFUTED -> Style.fg_red;
            case INCONCLUSIVE -> Style.fg_yellow;
        };
    }
}
