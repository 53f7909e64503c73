package io.tcplab.report;

import io.tcplab.kernel.sysctl.LintFinding;
import io.tcplab.kernel.sysctl.LintFinding.Severity;
import io.tcplab.report.LintReport.Judged;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Help.Ansi.IStyle;
import picocli.CommandLine.Help.Ansi.Style;
import picocli.CommandLine.Help.ColorScheme;

/** Findings in files of settings for a person at a terminal, and for a pipe. */
public final class LintText {
    private static final int INDENT = 4;
    private static final List<String> VERBS =
            List.of("is ", "has ", "takes ", "came ", "may ", "matches ", "isn't ", "doesn't ");

    private LintText() {}

    /** For a pipe: {@code file:line:column: severity: what}, as compilers have it. */
    public static List<String> lines(LintReport report) {
        return report.files().stream()
                .flatMap(file -> file.result().findings().stream()
                        .map(finding -> "%s: %s: %s [%s]%s"
                                .formatted(
                                        place(file, finding),
                                        finding.severity().label(),
                                        sentence(finding),
                                        finding.topic().label(),
                                        shownBy(finding, " (", ")"))))
                .toList();
    }

    /** For a terminal: the place and the severity, and under them what is found and who shows it. */
    public static String table(LintReport report, ColorScheme colours, int width) {
        Page page = new Page(colours, width);
        for (Judged file : report.files()) {
            file.result().findings().forEach(finding -> add(page, file, finding));
        }
        return page.toString();
    }

    private static void add(Page page, Judged file, LintFinding finding) {
        page.line(
                page.styled(place(file, finding) + ": ", Style.bold),
                page.styled(finding.severity().label(), colour(finding.severity()), Style.bold),
                page.styled(" " + finding.topic().label(), Style.faint));
        page.paragraph(INDENT, 0, sentence(finding));
        if (!finding.claims().isEmpty() || !finding.experiments().isEmpty()) {
            page.paragraph(INDENT, 0, "-> " + commands(finding), Style.faint);
        }
    }

    /** {@code article.conf: 4 settings for Linux 6.18: 1 error, 3 notes}. */
    public static List<String> summary(LintReport report) {
        return report.files().stream()
                .map(file -> "%s: %s for Linux %s: %s%s"
                        .formatted(
                                file.file(),
                                number(file.result().settings(), "setting"),
                                report.kernelRelease(),
                                counts(file),
                                file.result().unjudged() == 0
                                        ? ""
                                        : "; not about TCP, not judged: "
                                                + file.result().unjudged()))
                .toList();
    }

    private static String counts(Judged file) {
        String counts = Arrays.stream(Severity.values())
                .filter(severity -> file.result().count(severity) > 0)
                .map(severity -> number(file.result().count(severity), severity.label()))
                .collect(Collectors.joining(", "));
        return counts.isEmpty() ? "nothing found" : counts;
    }

    private static String number(long count, String what) {
        return count + " " + what + (count == 1 ? "" : "s");
    }

    private static String place(Judged file, LintFinding finding) {
        return file.file() + ":" + finding.line() + ":" + finding.column();
    }

    /** With the sysctl's name before it. */
    private static String sentence(LintFinding finding) {
        if (finding.name().isEmpty()) {
            return finding.message();
        }
        boolean goesOn = VERBS.stream().anyMatch(finding.message()::startsWith);
        return finding.name() + (goesOn ? " " : ": ") + finding.message();
    }

    private static String shownBy(LintFinding finding, String before, String after) {
        String all = Stream.concat(
                        finding.claims().stream().map(number -> "claim " + number), finding.experiments().stream())
                .collect(Collectors.joining(", "));
        return all.isEmpty() ? "" : before + all + after;
    }

    private static String commands(LintFinding finding) {
        return Stream.of(
                        finding.claims().stream()
                                .map(String::valueOf)
                                .collect(Collectors.joining(" ", "lab claims ", "")),
                        finding.experiments().stream().collect(Collectors.joining(" ", "lab run ", "")))
                .filter(command -> !command.endsWith(" "))
                .collect(Collectors.joining(" · "));
    }

    private static IStyle colour(Severity severity) {
        return switch (severity) {
            case ERROR -> Style.fg_red;
            case WARNING -> Style.fg_yellow;
            case NOTE -> Style.fg_cyan;
        };
    }
}
