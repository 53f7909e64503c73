package io.tcplab.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Verdicts side by side: a column for each kernel.
 *
 * @param kernels of the columns
 * @param rows those that differ first, else in the order of the reports
 */
public record KernelTable(List<KernelRun> kernels, List<Row> rows) {
    /** What a kernel's cell says where there is no verdict. */
    static final String NOTHING = "-";

    /** Copies the lists. */
    public KernelTable {
        kernels = List.copyOf(kernels);
        rows = List.copyOf(rows);
    }

    /**
     * What was asked of each kernel.
     *
     * @param key a claim's number, an experiment's name
     * @param title what it is about; empty if the key says it
     * @param cells in the order of the kernels
     */
    record Row(String key, String title, List<Cell> cells) {
        /** Copies the list. */
        Row {
            cells = List.copyOf(cells);
        }

        /** Whether kernels that answered say different things. */
        boolean differs() {
            return cells.stream()
                            .filter(Cell::isThere)
                            .map(Cell::verdict)
                            .distinct()
                            .count()
                    > 1;
        }

        /** Whether verdicts alone leave a question. */
        boolean needsReasons() {
            return differs() || cells.stream().map(Cell::verdict).anyMatch(OPEN::contains);
        }
    }

    /** Verdicts that say little without their reason. */
    private static final Set<String> OPEN = Set.of("refuted", "inconclusive", "not-decidable");

    /**
     * One kernel's answer.
     *
     * @param verdict {@value KernelTable#NOTHING} if there is none
     * @param why the evidence, or the reason
     */
    record Cell(String verdict, String why) {
        boolean isThere() {
            return !verdict.equals(NOTHING);
        }
    }

    /** Of {@code lab claims}' reports. */
    public static KernelTable ofClaims(List<KernelRun> kernels) {
        return of(
                kernels,
                "claims",
                claim -> claim.text("number"),
                claim -> claim.text("claim"),
                claim -> new Cell(claim.text("verdict"), claim.text("evidence")));
    }

    /** Of {@code lab run}'s reports. */
    public static KernelTable ofRuns(List<KernelRun> kernels) {
        return of(
                kernels,
                "runs",
                KernelTable::nameOfRun,
                run -> "",
                run -> new Cell(run.text("verdict"), whyOfRun(run)));
    }

    /** How many rows differ. */
    public long differing() {
        return rows.stream().filter(Row::differs).count();
    }

    /** Whether any kernel has that verdict anywhere. */
    public boolean has(String verdict) {
        return rows.stream()
                .flatMap(row -> row.cells().stream())
                .anyMatch(cell -> cell.verdict().equals(verdict));
    }

    private static KernelTable of(
            List<KernelRun> kernels,
            String list,
            Function<StoredReport, String> key,
            Function<StoredReport, String> title,
            Function<StoredReport, Cell> cell) {
        Map<String, String> titles = new LinkedHashMap<>();
        List<Map<String, Cell>> columns = new ArrayList<>();
        for (KernelRun kernel : kernels) {
            Map<String, Cell> column = new LinkedHashMap<>();
            for (StoredReport each :
                    kernel.report().map(report -> report.objects(list)).orElse(List.of())) {
                titles.putIfAbsent(key.apply(each), title.apply(each));
                column.put(key.apply(each), cell.apply(each));
            }
            columns.add(column);
        }
        List<Row> rows = titles.entrySet().stream()
                .map(entry -> new Row(
                        entry.getKey(),
                        entry.getValue(),
                        columns.stream()
                                .map(column -> column.getOrDefault(entry.getKey(), new Cell(NOTHING, "")))
                                .toList()))
                .toList();
        return new KernelTable(
                kernels,
                Stream.concat(rows.stream().filter(Row::differs), rows.stream().filter(row -> !row.differs()))
                        .toList());
    }

    /** Trials of the same experiment are rows of their own. */
    private static String nameOfRun(StoredReport run) {
        String trial = run.text("trial");
        return run.text("experiment") + (trial.isEmpty() || trial.equals("1") ? "" : ", trial " + trial);
    }

    /** What was refuted, or why it is inconclusive; of what was confirmed, what was seen. */
    private static String whyOfRun(StoredReport run) {
        if (!run.text("reason").isEmpty()) {
            return run.text("reason");
        }
        String verdict = run.text("verdict");
        return run.objects("expectations").stream()
                .filter(each ->
                        each.text("arm").equals("fault") && each.text("verdict").equals(verdict))
                .filter(each -> each.isTrue("decides"))
                .map(each -> "%s: expected %s, observed %s"
                        .formatted(each.text("name"), each.text("expected"), each.text("observed")))
                .findFirst()
                .orElse("");
    }

    /** Why it says so on each kernel: those that say the same in the same words together. */
    static List<String> reasons(Row row, List<KernelRun> kernels) {
        Map<String, List<String>> byWords = new LinkedHashMap<>();
        IntStream.range(0, kernels.size())
                .filter(i -> row.cells().get(i).isThere())
                .forEach(i -> {
                    Cell cell = row.cells().get(i);
                    byWords.computeIfAbsent(
                                    cell.verdict() + (cell.why().isEmpty() ? "" : ": " + cell.why()),
                                    words -> new ArrayList<>())
                            .add(kernels.get(i).kernel());
                });
        return byWords.entrySet().stream()
                .map(entry -> String.join(", ", entry.getValue()) + ": " + entry.getKey())
                .toList();
    }
}
