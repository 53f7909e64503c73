package io.tcplab.report;

import static java.util.stream.Collectors.joining;

import io.tcplab.experiments.catalogue.Claims;
import io.tcplab.experiments.claims.Claim;
import io.tcplab.report.Block.Bullets;
import io.tcplab.report.Block.Grid;
import io.tcplab.report.Block.Heading;
import io.tcplab.report.Block.Paragraph;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** What several kernels said side by side, as a document. */
final class KernelBlocks {
    private KernelBlocks() {}

    /** Of {@code lab run}. */
    static List<Block> ofRuns(KernelTable table) {
        List<Table.Column> columns = new ArrayList<>(Table.columns("experiment"));
        columns.addAll(kernels(table));
        List<List<Prose>> rows = table.rows().stream()
                .map(row -> {
                    List<Prose> cells = new ArrayList<>(Table.row(row.key()));
                    cells.addAll(verdictsAndWhy(row, table));
                    return List.copyOf(cells);
                })
                .toList();
        return List.of(
                new Heading(1, "TCP Lab: " + KernelText.count(table)),
                stories(table),
                new Grid(new Table(columns, rows)));
    }

    /** Of {@code lab claims}: a table, and under it what has to be known of each. */
    static List<Block> ofClaims(KernelTable table) {
        List<Block> blocks = new ArrayList<>();
        blocks.add(new Heading(1, "What is told about TCP, and what Linux says"));
        String names = table.kernels().stream().map(KernelRun::kernel).collect(joining(","));
        blocks.add(new Paragraph(Prose.of("Made by ")
                .and(Prose.code("lab claims --kernel " + names + " --markdown FILE"))
                .and(": " + KernelText.count(table)
                        + ". Each verdict comes from runs, on that kernel, of the experiments that stand beside it. ")
                .and(Prose.code("lab explain NUMBER"))
                .and(" tells what speaks for a claim, and what against it.")));
        blocks.add(stories(table));
        blocks.add(new Grid(claims(table)));
        blocks.add(new Heading(2, "Background"));
        table.rows().stream()
                .map(row -> Claims.byNumber(Integer.parseInt(row.key())))
                .filter(Claim::decidable)
                .sorted(Comparator.comparingInt(Claim::number))
                .forEach(claim -> blocks.add(ClaimsBlocks.background(claim)));
        blocks.addAll(ClaimsBlocks.settings(table.kernels().stream()
                .flatMap(kernel -> kernel.report().stream())
                .flatMap(report -> report.texts("settings").stream())
                .distinct()
                .sorted()
                .toList()));
        return blocks;
    }

    private static Table claims(KernelTable table) {
        List<Table.Column> columns = new ArrayList<>(List.of(Table.figures("#"), Table.words("claim")));
        columns.addAll(kernels(table));
        columns.add(Table.words("experiments"));
        return new Table(
                columns,
                table.rows().stream()
                        .map(row -> {
                            List<Prose> cells = new ArrayList<>(Table.row(row.key(), row.title()));
                            cells.addAll(verdictsAndWhy(row, table));
                            cells.add(Prose.codes(experiments(table, row.key())));
                            return List.copyOf(cells);
                        })
                        .toList());
    }

    private static Block stories(KernelTable table) {
        return new Bullets(table.kernels().stream()
                .map(kernel -> Prose.of("Linux " + kernel.story()))
                .toList());
    }

    private static List<Table.Column> kernels(KernelTable table) {
        List<Table.Column> columns = new ArrayList<>(table.kernels().stream()
                .map(kernel -> Table.words(kernel.release().replaceFirst("[-+].*", "")))
                .toList());
        columns.add(Table.words("evidence"));
        return columns;
    }

    /** Of a row that differs or wasn't decided each kernel's evidence; else that of the first kernel that has any. */
    private static List<Prose> verdictsAndWhy(KernelTable.Row row, KernelTable table) {
        List<Prose> cells = new ArrayList<>(
                row.cells().stream().map(cell -> Prose.verdict(cell.verdict())).toList());
        if (row.needsReasons()) {
            List<String> reasons = KernelTable.reasons(row, table.kernels());
            Prose all = Prose.of(reasons.getFirst());
            for (String reason : reasons.subList(1, reasons.size())) {
                all = all.below(reason);
            }
            cells.add(all);
        } else {
            cells.add(Prose.of(row.cells().stream()
                    .filter(KernelTable.Cell::isThere)
                    .map(KernelTable.Cell::why)
                    .findFirst()
                    .orElse("")));
        }
        return cells;
    }

    private static List<String> experiments(KernelTable table, String number) {
        return table.kernels().stream()
                .flatMap(kernel -> kernel.report().stream())
                .flatMap(report -> report.objects("claims").stream())
                .filter(claim -> claim.text("number").equals(number))
                .findFirst()
                .map(claim -> claim.texts("experiments"))
                .orElse(List.of());
    }
}
