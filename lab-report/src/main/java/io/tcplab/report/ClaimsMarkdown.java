package io.tcplab.report;

import io.tcplab.experiments.claims.ClaimResult;
import java.io.IOException;
import java.io.Writer;

/** The claims as GitHub-flavoured Markdown: a table, and under it what has to be known of each. */
public final class ClaimsMarkdown {
    private final Writer to;
    private final ClaimsReport report;

    private ClaimsMarkdown(ClaimsReport report, Writer to) {
        this.report = report;
        this.to = to;
    }

    /** Writes the document and flushes; doesn't close. */
    public static void write(ClaimsReport report, Writer to) throws IOException {
        new ClaimsMarkdown(report, to).write();
    }

    private void write() throws IOException {
        line("# What is told about TCP, and what Linux %s says".formatted(version(report.kernelRelease())));
        line("");
        line("Made by `lab claims --markdown FILE`: " + report.summary()
                + ". Each verdict comes from the runs of the experiments that stand beside it, and another kernel may say"
                + " otherwise. `lab explain NUMBER` tells what speaks for a claim, and what against it.");
        line("");
        line("| # | claim | verdict | evidence | experiments |");
        line("|---:|---|---|---|---|");
        for (ClaimResult claim : report.claims()) {
            writeRow(claim);
        }
        line("");
        line("## Background");
        for (ClaimResult claim : report.claims()) {
            if (claim.claim().decidable()) {
                line("");
                line("**%d. %s** %s"
                        .formatted(
                                claim.claim().number(),
                                Markdown.escaped(sentence(claim.claim().text())),
                                Markdown.escaped(claim.claim().background().replaceAll("\\s+", " "))));
            }
        }
        writeSettings();
        to.flush();
    }

    private void writeRow(ClaimResult result) throws IOException {
        String experiments = ClaimsReport.experiments(result).stream()
                .map(name -> "`" + name + "`")
                .reduce((one, other) -> one + ", " + other)
                .orElse("-");
        line("| %d | %s | %s | %s | %s |"
                .formatted(
                        result.claim().number(),
                        Markdown.escaped(result.claim().text()),
                        result.verdict().label(),
                        Markdown.escaped(result.evidence()),
                        experiments));
    }

    private void writeSettings() throws IOException {
        line("");
        line("## Settings");
        line("");
        line("Set in the cells, to shorten long timers or to make the case; all else is as a new namespace has it.");
        line("");
        for (String setting : report.settings()) {
            line("- " + Markdown.escaped(setting));
        }
    }

    /** Without what a distribution appends to it. */
    private static String version(String release) {
        return release.replaceFirst("-.*", "");
    }

    private static String sentence(String text) {
        return Character.toUpperCase(text.charAt(0)) + text.substring(1) + ".";
    }

    private void line(String text) throws IOException {
        to.write(text);
        to.write('\n');
    }
}
