package io.tcplab.report;

import io.tcplab.compare.threshold.ThresholdResult;
import io.tcplab.compare.verdict.ComparisonResult;
import io.tcplab.compare.verdict.MeasureResult;
import io.tcplab.compare.verdict.SettingResult;
import java.io.IOException;
import java.io.Writer;
import java.util.List;

/** Comparisons as GitHub-flavoured Markdown, for a pull request or the summary of a CI step. */
public final class CompareMarkdown {
    private final Writer to;

    private CompareMarkdown(Writer to) {
        this.to = to;
    }

    /** Writes the document and flushes; doesn't close. */
    public static void write(CompareReport report, Writer to) throws IOException {
        new CompareMarkdown(to).write(report);
        to.flush();
    }

    private void write(CompareReport report) throws IOException {
        line("# TCP Lab: " + report.summary());
        line("");
        line("Linux " + report.kernelRelease() + ".");
        for (ComparisonResult comparison : report.comparisons()) {
            write(comparison);
        }
        if (!report.thresholds().isEmpty()) {
            line("");
            line("## Thresholds");
            line("");
            for (ThresholdResult result : report.thresholds()) {
                line("- " + result.outcome().label() + ": `"
                        + result.threshold().text() + "`" + Markdown.escaped(ThresholdText.reason(result)));
            }
        }
    }

    private void write(ComparisonResult comparison) throws IOException {
        line("");
        line("## " + Markdown.escaped(ComparePhrases.headline(comparison)));
        line("");
        line("| measure | setting | median [95 %] | against the first |");
        line("|---|---|---:|---|");
        for (MeasureResult result : ComparePhrases.telling(comparison)) {
            for (SettingResult setting : comparison.settings()) {
                row(result, setting);
            }
        }
        String nothing = ComparePhrases.nothing(comparison);
        if (!nothing.isEmpty()) {
            line("");
            line("0 in each of them: " + Markdown.escaped(nothing));
        }
        section(
                "Read back from the hosts, by setting",
                comparison.sysctls().stream().map(ComparePhrases::values).toList());
        section("Why", comparison.reasons().stream().map(ComparePhrases::reason).toList());
        section("The runs", ComparePhrases.runs(comparison));
        section("Notes", comparison.notes());
    }

    private void row(MeasureResult result, SettingResult setting) throws IOException {
        boolean first = setting.number() == 1;
        line("| %s | %s | %s | %s |"
                .formatted(
                        first
                                ? "`%s`<br>%s"
                                        .formatted(
                                                result.measure().name(),
                                                Markdown.escaped(ComparePhrases.meaning(result)))
                                : "",
                        Markdown.escaped(setting.label()),
                        ComparePhrases.figures(result, setting.number()),
                        Markdown.escaped(ComparePhrases.words(result, setting.number()))));
    }

    private void section(String title, List<String> lines) throws IOException {
        if (!lines.isEmpty()) {
            line("");
            line("**" + title + "**");
            line("");
            for (String each : lines) {
                line("- " + Markdown.escaped(each));
            }
        }
    }

    private void line(String text) throws IOException {
        to.write(text);
        to.write('\n');
    }
}
