package io.tcplab.report;

import io.tcplab.compare.threshold.ThresholdResult;
import io.tcplab.compare.verdict.ComparisonResult;
import io.tcplab.compare.verdict.MeasureResult;
import io.tcplab.compare.verdict.SettingResult;
import io.tcplab.report.Block.Bullets;
import io.tcplab.report.Block.Grid;
import io.tcplab.report.Block.Heading;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** What {@code lab compare} came to, as a document. */
final class CompareBlocks {
    private CompareBlocks() {}

    static List<Block> of(CompareReport report) {
        return of(report, comparison -> List.of(new Grid(table(comparison))));
    }

    /** The same with each measure of a comparison as each trial's dot, to look at. */
    static List<Block> withDots(CompareReport report) {
        return of(
                report,
                comparison -> ComparePhrases.telling(comparison).stream()
                        .<Block>map(result -> new Block.Dots(DotPlot.of(comparison, result)))
                        .toList());
    }

    private static List<Block> of(CompareReport report, Function<ComparisonResult, List<Block>> figures) {
        List<Block> blocks = new ArrayList<>();
        blocks.add(new Heading(1, "TCP Lab: " + report.summary()));
        blocks.add(Block.paragraph("Linux " + report.kernelRelease() + "."));
        report.comparisons().forEach(comparison -> add(blocks, comparison, figures.apply(comparison)));
        if (!report.thresholds().isEmpty()) {
            blocks.add(new Heading(2, "Thresholds"));
            blocks.add(new Bullets(
                    report.thresholds().stream().map(CompareBlocks::threshold).toList()));
        }
        return blocks;
    }

    private static Prose threshold(ThresholdResult result) {
        return Prose.of(result.outcome().label() + ": ")
                .and(Prose.code(result.threshold().text()))
                .and(ThresholdText.reason(result));
    }

    private static void add(List<Block> blocks, ComparisonResult comparison, List<Block> figures) {
        blocks.add(new Heading(2, ComparePhrases.headline(comparison)));
        blocks.addAll(figures);
        String nothing = ComparePhrases.nothing(comparison);
        if (!nothing.isEmpty()) {
            blocks.add(Block.paragraph("0 in every setting: " + nothing));
        }
        blocks.addAll(Block.section(
                "Read back from the hosts, per setting",
                comparison.sysctls().stream().map(ComparePhrases::values).toList()));
        blocks.addAll(Block.section(
                "Why", comparison.reasons().stream().map(ComparePhrases::reason).toList()));
        blocks.addAll(Block.section("The runs", ComparePhrases.runs(comparison)));
        blocks.addAll(Block.section("The machines", ComparePhrases.machines(comparison)));
        blocks.addAll(Block.section("Notes", comparison.notes()));
    }

    private static Table table(ComparisonResult comparison) {
        return new Table(
                List.of(
                        Table.words("measure"),
                        Table.words("setting"),
                        Table.figures("median [95 %]"),
                        Table.words("compared with the first")),
                ComparePhrases.telling(comparison).stream()
                        .flatMap(result -> comparison.settings().stream().map(setting -> row(result, setting)))
                        .toList());
    }

    /** The measure's name and meaning stand beside its first setting. */
    private static List<Prose> row(MeasureResult result, SettingResult setting) {
        return List.of(
                setting.number() == 1
                        ? Prose.code(result.measure().name()).below(ComparePhrases.meaning(result))
                        : Prose.of(""),
                Prose.of(setting.label()),
                Prose.of(ComparePhrases.figures(result, setting.number())),
                Prose.of(ComparePhrases.words(result, setting.number())));
    }
}
