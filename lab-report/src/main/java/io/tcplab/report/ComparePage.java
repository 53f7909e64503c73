package io.tcplab.report;

import java.util.ArrayList;
import java.util.List;

/** What {@code lab compare} came to, to look at: each measure's samples as dots, in place of the table. */
final class ComparePage {
    private ComparePage() {}

    static List<Block> of(CompareReport report) {
        List<Block> blocks = new ArrayList<>();
        for (Block block : CompareBlocks.of(report)) {
            if (block instanceof Block.Grid) {
                continue; // the dots say the same
            }
            blocks.add(block);
            if (block instanceof Block.Heading heading) {
                report.comparisons().stream()
                        .filter(comparison ->
                                ComparePhrases.headline(comparison).equals(heading.text()))
                        .forEach(comparison -> ComparePhrases.telling(comparison)
                                .forEach(result -> blocks.add(new Block.Dots(DotPlot.of(comparison, result)))));
            }
        }
        return blocks;
    }
}
