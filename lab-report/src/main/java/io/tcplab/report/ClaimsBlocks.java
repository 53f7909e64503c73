package io.tcplab.report;

import io.tcplab.experiments.claims.Claim;
import io.tcplab.experiments.claims.ClaimResult;
import io.tcplab.report.Block.Bullets;
import io.tcplab.report.Block.Grid;
import io.tcplab.report.Block.Heading;
import io.tcplab.report.Block.Paragraph;
import java.util.ArrayList;
import java.util.List;

/** What {@code lab claims} came to, as a document: a table, and under it what has to be known of each claim. */
final class ClaimsBlocks {
    private ClaimsBlocks() {}

    static List<Block> of(ClaimsReport report) {
        List<Block> blocks = new ArrayList<>();
        blocks.add(new Heading(
                1, "What is told about TCP, and what Linux %s says".formatted(version(report.kernelRelease()))));
        blocks.add(new Paragraph(Prose.of("Made by ")
                .and(Prose.code("lab claims --markdown FILE"))
                .and(": " + report.summary()
                        + ". Each verdict comes from the runs of the experiments that stand beside it, and another kernel may"
                        + " say otherwise. ")
                .and(Prose.code("lab explain NUMBER"))
                .and(" tells what speaks for a claim, and what against it.")));
        blocks.add(new Grid(table(report)));
        blocks.add(new Heading(2, "Background"));
        report.claims().stream()
                .map(ClaimResult::claim)
                .filter(Claim::decidable)
                .forEach(claim -> blocks.add(background(claim)));
        blocks.addAll(settings(report.settings()));
        return blocks;
    }

    /** What was set for the runs, in the words of {@link ClaimsReport#settings}. */
    static List<Block> settings(List<String> lines) {
        return List.of(
                new Heading(2, "Settings"),
                Block.paragraph(
                        "Set in the cells, to shorten long timers or to make the case; all else is as a new namespace has it."),
                new Bullets(lines.stream().map(Prose::of).toList()));
    }

    private static Table table(ClaimsReport report) {
        return new Table(
                List.of(
                        Table.figures("#"),
                        Table.words("claim"),
                        Table.words("verdict"),
                        Table.words("evidence"),
                        Table.words("experiments")),
                report.claims().stream()
                        .map(result -> List.of(
                                Prose.of(Integer.toString(result.claim().number())),
                                Prose.of(result.claim().text()),
                                Prose.of(result.verdict().label()),
                                Prose.of(result.evidence()),
                                Prose.codes(ClaimsReport.experiments(result))))
                        .toList());
    }

    /** What has to be known of a claim. */
    static Block background(Claim claim) {
        return new Paragraph(Prose.strong("%d. %s".formatted(claim.number(), sentence(claim.text())))
                .and(" " + claim.background().replaceAll("\\s+", " ")));
    }

    /** Without what a distribution appends to it. */
    private static String version(String release) {
        return release.replaceFirst("-.*", "");
    }

    private static String sentence(String text) {
        return Character.toUpperCase(text.charAt(0)) + text.substring(1) + ".";
    }
}
