package io.tcplab.kernel.sysctl;

import io.tcplab.kernel.sysctl.SysctlFile.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

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
    private static final String SPACES = " \t\n\u000b\f\r";
    private static final String BYTE_ORDER_MARK = "\uFEFF";

    /** The lines that say something; what can't be understood goes to {@code problems}. */
    static List<SysctlLine> parse(String text, List<Problem> problems) {
        List<SysctlLine> parsed = new ArrayList<>();
        List<String> lines = List.of(text.split("\n", -1));
        for (int i = 0; i < lines.size(); i++) {
            parseLine(lines.get(i), i + 1, problems).ifPresent(parsed::add);
        }
        return parsed;
    }

    private static Optional<SysctlLine> parseLine(String text, int line, List<Problem> problems) {
        String stripped = strip(text);
        int start = text.indexOf(stripped);
        if (stripped.isEmpty() || stripped.charAt(0) == '#' || stripped.charAt(0) == ';') {
            return Optional.empty();
        }
        boolean dash = stripped.charAt(0) == '-';
        int equals = text.indexOf('=', start);
        if (equals < 0 && !dash) {
            problems.add(new Problem(
                    line,
                    start + 1,
                    "\"" + stripped + "\" has no \"=\" and is skipped (expected: name = value)",
                    false));
            return Optional.empty();
        }
        int nameAt = dash ? start + 1 : start;
        // Space between a dash and the name is part of the name.
        String name = stripTrailing(text.substring(nameAt, equals < 0 ? text.length() : equals));
        Optional<String> value = equals < 0 ? Optional.empty() : Optional.of(strip(text.substring(equals + 1)));
        int valueAt = equals < 0 ? text.length() : text.indexOf(value.orElseThrow(), equals + 1);
        try {
            return Optional.of(new SysctlLine(named(name), value, dash, line, nameAt + 1, valueAt + 1));
        } catch (IllegalArgumentException e) {
            problems.add(new Problem(line, nameAt + 1, e.getMessage() + SysctlCatalogue.hint(name), dash));
            return Optional.empty();
        }
    }

    /** As sysctl(8) has it, repeated separators are one, and what stands before the first part is none. */
    private static SysctlName named(String text) {
        if (text.startsWith(BYTE_ORDER_MARK)) {
            throw new IllegalArgumentException(
                    "the name starts with a byte order mark, so there is no such sysctl: save the file without it");
        }
        if (!text.isEmpty() && SPACES.indexOf(text.charAt(0)) >= 0) {
            throw new IllegalArgumentException(
                    "there is a space between \"-\" and the name, so there is no such" + " sysctl");
        }
        String single = text.replaceAll("([./])\\1+", "$1");
        // The first separator decides, also one that stands before the first part.
        boolean leading = single.matches("\\.[^./]+\\..*|/[^./]+/.*");
        return SysctlName.parse(leading ? single.substring(1) : single);
    }

    /** As isspace() of the C locale. */
    private static String strip(String text) {
        String stripped = stripTrailing(text);
        int start = 0;
        while (start < stripped.length() && SPACES.indexOf(stripped.charAt(start)) >= 0) {
            start++;
        }
        return stripped.substring(start);
    }

    private static String stripTrailing(String text) {
        int end = text.length();
        while (end > 0 && SPACES.indexOf(text.charAt(end - 1)) >= 0) {
            end--;
        }
        return text.substring(0, end);
    }

    /** One that isn't from a file. */
    static SysctlLine pattern(SysctlName name) {
        return new SysctlLine(name, Optional.empty(), false, 0, 0, 0);
    }

    /** Whether the name stands for several. */
    boolean isPattern() {
        return name.dotted().chars().anyMatch(c -> WILDCARDS.indexOf(c) >= 0);
    }

    /** Whether this pattern covers a name. As in glob(7), a star does not reach over a separator. */
    boolean covers(SysctlName other) {
        List<String> parts = name.parts();
        return parts.size() == other.parts().size()
                && IntStream.range(0, parts.size())
                        .allMatch(i -> Glob.of(parts.get(i)).test(other.parts().get(i)));
    }

    Problem problemWithName(String message) {
        return new Problem(line, nameColumn, message, dash);
    }

    Problem problemWithValue(String message) {
        return new Problem(line, valueColumn, message, dash);
    }
}
