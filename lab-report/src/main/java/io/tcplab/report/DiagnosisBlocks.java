package io.tcplab.report;

import io.tcplab.diagnose.Diagnosis;
import io.tcplab.diagnose.SocketListing;
import io.tcplab.diagnose.causes.Finding;
import io.tcplab.diagnose.causes.Words;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** What {@code lab diagnose} came to, as a document. */
final class DiagnosisBlocks {
    private DiagnosisBlocks() {}

    static List<Block> of(Diagnosis diagnosis, SocketListing sockets) {
        List<Block> blocks = new ArrayList<>();
        int findings = diagnosis.findings().size();
        blocks.add(new Block.Heading(
                1, "%s: %d %s".formatted(diagnosis.target(), findings, findings == 1 ? "finding" : "findings")));
        blocks.add(Block.paragraph("Observed for %s, %s.%s"
                .formatted(
                        Figures.seconds(diagnosis.window().toMillis() / 1000.0),
                        Words.count(diagnosis.samples(), "look"),
                        diagnosis.conclusive()
                                ? ""
                                : " Too much couldn't be seen to say that nothing else is wrong.")));
        blocks.add(new Block.Grid(states(diagnosis)));
        diagnosis.findings().forEach(finding -> add(blocks, finding));
        blocks.addAll(SocketBlocks.of(sockets));
        blocks.addAll(Block.section("Worth knowing", diagnosis.observations()));
        blocks.addAll(Block.section("What couldn't be seen", diagnosis.limits()));
        blocks.add(new Block.Fold(
                "checked",
                Prose.strong("What was looked for"),
                false,
                List.of(new Block.Bullets(
                        diagnosis.checked().stream().map(Prose::of).toList()))));
        return blocks;
    }

    private static Table states(Diagnosis diagnosis) {
        return new Table(
                List.of(Table.words("state"), Table.figures("sockets")),
                diagnosis.states().entrySet().stream()
                        .sorted(Comparator.comparing(Map.Entry::getKey))
                        .map(state -> Table.row(state.getKey().label(), Integer.toString(state.getValue())))
                        .toList());
    }

    private static void add(List<Block> blocks, Finding finding) {
        blocks.add(new Block.Heading(
                2,
                finding.cause()
                        + finding.state()
                                .map(state -> " (" + state.label() + ")")
                                .orElse("")));
        blocks.add(new Block.Paragraph(Prose.strong(finding.title())));
        blocks.add(new Block.Paragraph(Prose.verdict(finding.certainty().label())
                .and(finding.because().isEmpty() ? "" : ": " + finding.because())));
        blocks.add(new Block.Bullets(finding.evidence().stream().map(Prose::of).toList()));
        if (!finding.rivals().isEmpty()) {
            blocks.add(new Block.Grid(new Table(
                    Table.columns("what else would look the same", "what would tell them apart"),
                    finding.rivals().stream()
                            .map(rival -> Table.row(rival.what(), rival.apart()))
                            .toList())));
        }
        blocks.add(new Block.Paragraph(Prose.strong("Look at: ").and(finding.advice())));
        if (!finding.experiment().isEmpty()) {
            blocks.add(new Block.Command("lab run " + finding.experiment()));
        }
    }
}
