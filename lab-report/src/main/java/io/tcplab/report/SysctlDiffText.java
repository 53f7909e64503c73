package io.tcplab.report;

import io.tcplab.kernel.sysctl.SysctlDiff;
import io.tcplab.kernel.sysctl.SysctlDiff.Difference;
import io.tcplab.kernel.sysctl.SysctlDiff.Overridden;
import io.tcplab.kernel.sysctl.SysctlDiff.Side;
import io.tcplab.kernel.sysctl.SysctlDiff.Which;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine.Help.Ansi.Style;
import picocli.CommandLine.Help.ColorScheme;

/**
 * What two files of settings differ in, for a person at a terminal, and for a pipe.
 *
 * @param first the first file's name, as the user gave it
 * @param second the second's, or "here"
 */
public record SysctlDiffText(SysctlDiff diff, String first, String second) {
    private static final int INDENT = 4;

    /** For a pipe: a line a difference, then those lines of the files that do nothing. */
    public List<String> lines() {
        return Stream.concat(
                        diff.differences().stream()
                                .map(difference -> "%s: %s -> %s%s"
                                        .formatted(
                                                difference.name(),
                                                side(difference.first(), first),
                                                side(difference.second(), second),
                                                difference.meaning().isEmpty() ? "" : ": " + difference.meaning())),
                        diff.overridden().stream().map(this::overridden))
                .toList();
    }

    /** For a terminal: the name, each side in a line of its own, and what the sysctl means. */
    public String table(ColorScheme colours, int width) {
        Page page = new Page(colours, width);
        for (Difference difference : diff.differences()) {
            page.line(page.styled(difference.name(), Style.bold))
                    .paragraph(INDENT, 2, "- " + side(difference.first(), first), Style.fg_red)
                    .paragraph(INDENT, 2, "+ " + side(difference.second(), second), Style.fg_green)
                    .paragraph(INDENT, 2, difference.meaning(), Style.faint);
        }
        diff.overridden().forEach(line -> page.line(overridden(line)));
        return page.toString();
    }

    /** How much it is. */
    public String summary() {
        return "different: %d, the same: %d".formatted(diff.differences().size(), diff.same());
    }

    /** Lines that can't be understood, with their place. */
    public List<String> problems() {
        return diff.problems().stream()
                .map(each -> name(each.file()) + ":" + each.problem() + " (left out)")
                .toList();
    }

    private String overridden(Overridden line) {
        return "%s:%d: %s = %s has no effect: line %d overrides it with %s"
                .formatted(name(line.file()), line.line(), line.name(), line.value(), line.byLine(), line.byValue());
    }

    private static String side(Side side, String file) {
        String problem = side.problem().isEmpty() ? "" : ", which " + side.problem();
        return switch (side.origin()) {
            case FILE -> "%s (%s:%d%s)".formatted(side.value(), file, side.line(), problem);
            case DEFAULT -> side.value() + " (default)";
            case HERE -> side.problem().isEmpty() ? side.value() + " (here)" : "nothing here: it " + side.problem();
            case UNKNOWN -> "not set";
        };
    }

    private String name(Which which) {
        return which == Which.FIRST ? first : second;
    }
}
