package io.tcplab.report;

import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.io.Writer;
import java.util.List;

/** Reports as GitHub-flavoured Markdown, for a pull request, a wiki or the summary of a CI step. */
public final class Markdown {
    private Markdown() {}

    /** Writes what {@code lab run} came to, and flushes; doesn't close. */
    public static void write(RunReport report, Writer to) throws IOException {
        write(RunBlocks.of(report), to);
    }

    /** Writes what {@code lab claims} came to, and flushes; doesn't close. */
    public static void write(ClaimsReport report, Writer to) throws IOException {
        write(ClaimsBlocks.of(report), to);
    }

    /** Writes what {@code lab compare} came to, and flushes; doesn't close. */
    public static void write(CompareReport report, Writer to) throws IOException {
        write(CompareBlocks.of(report), to);
    }

    /** Writes what {@code lab run} came to on several kernels, and flushes; doesn't close. */
    public static void writeRuns(KernelTable table, Writer to) throws IOException {
        write(KernelBlocks.ofRuns(table), to);
    }

    /** Writes what {@code lab claims} came to on several kernels, and flushes; doesn't close. */
    public static void writeClaims(KernelTable table, Writer to) throws IOException {
        write(KernelBlocks.ofClaims(table), to);
    }

    private static void write(List<Block> report, Writer to) throws IOException {
        to.write(text(report));
        to.flush();
    }

    private static String text(Block block) {
        return switch (block) {
            case Block.Heading heading -> "#".repeat(heading.level()) + " " + escaped(heading.text()) + "\n";
            case Block.Paragraph paragraph -> text(paragraph.text()) + "\n";
            case Block.Bullets bullets ->
                bullets.items().stream().map(item -> "- " + text(item) + "\n").collect(joining());
            case Block.Grid grid -> text(grid.table());
            case Block.Command command -> "```\n" + command.text() + "\n```\n";
            case Block.Fold fold -> "**" + text(fold.summary()) + "**\n\n" + text(fold.blocks());
            case Block.States states -> escaped(states.chart().words()) + "\n";
            case Block.Runs runs ->
                runs.rows().stream()
                        .map(row -> "- %s: %s: %s\n".formatted(row.id(), row.verdict(), escaped(row.what())))
                        .collect(joining());
            case Block.Picture picture -> escaped(picture.drawing().words()) + "\n";
            case Block.Dots dots ->
                dots.plot().rows().stream()
                        .map(row -> "- " + escaped(row.label() + ": " + row.words()) + "\n")
                        .collect(joining());
        };
    }

    private static String text(List<Block> blocks) {
        return blocks.stream().map(Markdown::text).collect(joining("\n"));
    }

    private static String text(Table table) {
        return row(table.columns().stream().map(Table.Column::heading).toList())
                + table.columns().stream()
                        .map(column -> column.numeric() ? "---:" : "---")
                        .collect(joining("|", "|", "|\n"))
                + table.rows().stream()
                        .map(row -> row(row.stream().map(Markdown::text).toList()))
                        .collect(joining());
    }

    private static String row(List<String> cells) {
        return cells.stream().collect(joining(" | ", "| ", " |\n"));
    }

    private static String text(Prose prose) {
        return prose.spans().stream()
                .map(span -> switch (span.kind()) {
                    case PLAIN, VERDICT, LINK -> escaped(span.text());
                    case CODE -> "`" + span.text() + "`";
                    case STRONG -> "**" + escaped(span.text()) + "**";
                    case BREAK -> "<br>";
                })
                .collect(joining());
    }

    /** A bar would end the table's cell, and an angle bracket begin a tag. */
    private static String escaped(String text) {
        return text.replace("|", "\\|").replace("<", "&lt;").replace("\n", " ");
    }
}
