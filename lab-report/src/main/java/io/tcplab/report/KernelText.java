package io.tcplab.report;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import picocli.CommandLine.Help.Ansi.IStyle;
import picocli.CommandLine.Help.Ansi.Style;
import picocli.CommandLine.Help.Ansi.Text;
import picocli.CommandLine.Help.ColorScheme;
import picocli.CommandLine.Help.Column;
import picocli.CommandLine.Help.Column.Overflow;

/** Verdicts on several kernels for a person at a terminal, and for a pipe. */
public final class KernelText {
    private static final int VERDICT = 15;
    private static final int MIN_TITLE = 24;
    private static final int INDENT = 4;

    private KernelText() {}

    /** For a pipe or a log: a line a row, whole in itself; a row that differs begins by saying so. */
    public static List<String> lines(KernelTable table) {
        return table.rows().stream().map(row -> line(row, table.kernels())).toList();
    }

    private static String line(KernelTable.Row row, List<KernelRun> kernels) {
        List<String> parts = new ArrayList<>(List.of(row.key()));
        if (kernels.size() > 1) {
            parts.add(row.differs() ? "differs" : "same");
        }
        if (!row.title().isEmpty()) {
            parts.add(row.title());
        }
        parts.add(verdicts(row, kernels));
        if (row.needsReasons()) {
            parts.add(String.join("; ", KernelTable.reasons(row, kernels)));
        }
        return String.join(": ", parts);
    }

    /** For a terminal: a table, under each row that differs or wasn't decided why. */
    public static String table(KernelTable table, ColorScheme colours, int width) {
        Page page = new Page(colours, width);
        int first = Math.max(MIN_TITLE, width - VERDICT * table.kernels().size());
        List<Column> columns = new ArrayList<>(List.of(new Column(first, 0, Overflow.WRAP)));
        List<Text> heading = new ArrayList<>(List.of(page.styled("")));
        for (KernelRun kernel : table.kernels()) {
            columns.add(new Column(VERDICT, 1, Overflow.TRUNCATE));
            heading.add(page.styled(kernel.kernel(), Style.bold));
        }
        page.row(columns, heading.toArray(Text[]::new));
        for (KernelTable.Row row : table.rows()) {
            List<Text> cells = new ArrayList<>();
            String title = row.title().isEmpty() ? row.key() : row.key() + " " + row.title();
            cells.add(row.differs() ? page.styled(title, Style.bold) : page.styled(title));
            row.cells().forEach(cell -> cells.add(page.styled(cell.verdict(), colour(cell.verdict()))));
            page.rows(columns, List.of(cells));
            if (row.needsReasons()) {
                KernelTable.reasons(row, table.kernels())
                        .forEach(reason -> page.paragraph(INDENT, INDENT, reason, Style.faint));
            }
        }
        return page.append("\n").toString();
    }

    /** How it went on each kernel, and what they have in common: the last lines. */
    public static List<String> summary(KernelTable table) {
        List<String> lines = new ArrayList<>();
        for (KernelRun kernel : table.kernels()) {
            lines.add(kernel.story());
            kernel.lastLines().forEach(line -> lines.add("    " + line));
        }
        lines.add(count(table));
        return lines;
    }

    static String count(KernelTable table) {
        String incomplete = table.kernels().stream()
                .filter(KernelRun::isPartial)
                .map(KernelRun::kernel)
                .collect(Collectors.joining(", "));
        return (table.kernels().size() == 1 ? byVerdict(table) : alike(table))
                + (incomplete.isEmpty() ? "" : "; incomplete: " + incomplete);
    }

    private static String alike(KernelTable table) {
        long differing = table.differing();
        int all = table.rows().size();
        return differing == 0
                ? "%d the same on %d kernels".formatted(all, table.kernels().size())
                : "%d of %d differ".formatted(differing, all);
    }

    /** {@code 34 confirmed, 1 inconclusive}. */
    private static String byVerdict(KernelTable table) {
        String counts = Phrases.counts(table.rows().stream()
                .map(row -> row.cells().getFirst().verdict())
                .sorted());
        return counts.isEmpty() ? "nothing was decided" : counts;
    }

    private static String verdicts(KernelTable.Row row, List<KernelRun> kernels) {
        return IntStream.range(0, kernels.size())
                .mapToObj(
                        i -> kernels.get(i).kernel() + " " + row.cells().get(i).verdict())
                .collect(Collectors.joining(", "));
    }

    private static IStyle colour(String verdict) {
        return switch (verdict) {
            case "true", "confirmed" -> Style.fg_green;
            case "false", "refuted" -> Style.fg_red;
            case "obsolete" -> Style.fg_cyan;
            case "conditional", "inconclusive" -> Style.fg_yellow;
            default -> Style.fg_magenta;
        };
    }
}
