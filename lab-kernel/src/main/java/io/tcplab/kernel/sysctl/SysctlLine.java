package io.tcplab.kernel.sysctl;

import io.tcplab.kernel.sysctl.SysctlFile.Problem;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A line of a file of settings that says something: an assignment, or a name that patterns leave out.
 *
 * @param name normalised, maybe a pattern
 * @param value empty if the line has no equals sign: the name is left out of patterns
 * @param dash whether a dash stands before the name
 * @param nameColumn where the name begins, from 1
 * @param valueColumn where the value begins
 */
record SysctlLine(SysctlName name, Optional<String> value, boolean dash, int line, int nameColumn, int valueColumn) {
    private static final String WILDCARDS = "*?[";

    /** The lines that say something; what can't be understood goes to {@code problems}. */
    static List<SysctlLine> parse(String text, List<Problem> problems) {
        List<SysctlLine> parsed = new ArrayList<>();
        List<String> lines = text.lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            parseLine(lines.get(i), i + 1, problems).ifPresent(parsed::add);
        }
        return parsed;
    }

    private static Optional<SysctlLine> parseLine(String text, int line, List<Problem> problems) {
        int start = text.length() - text.stripLeading().length();
        if (text.isBlank() || text.charAt(start) == '#' || text.charAt(start) == ';') {
            return Optional.empty();
        }
        boolean dash = text.charAt(start) == '-';
        int nameAt = dash ? start + 1 : start;
        int equals = text.indexOf('=', start);
        if (equals < 0 && !dash) {
            problems.add(
                    new Problem(line, start + 1, "\"" + text.strip() + "\" has no \"=\" (expected: name = value)"));
            return Optional.empty();
        }
        String name =
                text.substring(nameAt, equals < 0 ? text.length() : equals).strip();
        Optional<String> value = equals < 0
                ? Optional.empty()
                : Optional.of(text.substring(equals + 1).strip());
        int valueAt = equals < 0 ? text.length() : text.indexOf(value.orElseThrow(), equals + 1);
        try {
            // Space between a dash and the name belongs to neither.
            int nameColumn = text.indexOf(name, nameAt) + 1;
            return Optional.of(new SysctlLine(SysctlName.parse(name), value, dash, line, nameColumn, valueAt + 1));
        } catch (IllegalArgumentException e) {
            problems.add(new Problem(line, nameAt + 1, String.valueOf(e.getMessage())));
            return Optional.empty();
        }
    }

    /** Whether the name stands for several. */
    boolean isPattern() {
        return name.dotted().chars().anyMatch(c -> WILDCARDS.indexOf(c) >= 0);
    }

    /** Whether this pattern covers a name. As in glob(7), a star does not reach over a separator. */
    boolean covers(SysctlName other) {
        // Braces mean something to Java that they don't to glob(7).
        String glob = String.join("/", name.parts()).replace("{", "\\{").replace("}", "\\}");
        PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + glob);
        return matcher.matches(Path.of(String.join("/", other.parts())));
    }

    Problem problemWithName(String message) {
        return new Problem(line, nameColumn, message);
    }

    Problem problemWithValue(String message) {
        return new Problem(line, valueColumn, message);
    }
}
