package io.tcplab.kernel.sysctl;

import io.tcplab.kernel.sysctl.SysctlFile.Problem;
import io.tcplab.kernel.sysctl.Written.Refused;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;

/**
 * What the lines of a file come to, one after the other, when {@code sysctl -p} sets them. Nothing is set.
 *
 * @param assignments in the file's order, patterns expanded to what the target has
 * @param problems lines that can't be understood
 * @param idlePatterns lines whose pattern matches nothing
 */
record SysctlReading(List<Assignment> assignments, List<Problem> problems, List<SysctlLine> idlePatterns) {
    /**
     * One name that a line sets.
     *
     * @param value as it is written
     * @param written what comes of it; empty if unknown: the name isn't about TCP
     */
    record Assignment(SysctlLine line, SysctlName name, String value, Optional<Written> written) {
        /**
         * What the kernel shows then; empty if the line changes nothing. If that is unknown, it is what is written.
         */
        Optional<String> shown() {
            return written.isEmpty() ? Optional.of(value) : written.get().left();
        }

        /** Why the kernel rejects it; empty if it accepts it, or if that is unknown. */
        Optional<Refused> refused() {
            return written.flatMap(Written::refused);
        }
    }

    static SysctlReading of(String text, SysctlTarget target) {
        List<Problem> problems = new ArrayList<>();
        List<SysctlLine> lines = SysctlLine.parse(text, problems);
        return new Reader(lines, target, problems).read();
    }

    /** The line that decides, of each name: the last that changes it; if none does, the last of all. */
    Map<String, Assignment> effective() {
        Map<String, Assignment> last = new LinkedHashMap<>();
        for (Assignment assignment : assignments) {
            last.merge(
                    assignment.name().dotted(),
                    assignment,
                    (before, now) -> now.shown().isPresent() || before.shown().isEmpty() ? now : before);
        }
        return last;
    }

    /** The assignment that makes this one void; empty if it is in force, or changes nothing. */
    Optional<Assignment> over(Assignment assignment, Map<String, Assignment> effective) {
        return Optional.ofNullable(effective.get(assignment.name().dotted()))
                .filter(last -> last.line().line() > assignment.line().line()
                        && last.shown().isPresent())
                .filter(last -> assignment.shown().isPresent());
    }

    /** What the lines so far have changed, and what they will come to. */
    private static final class Reader {
        private final List<SysctlLine> lines;
        private final SysctlTarget target;
        private final List<Problem> problems;
        private final Set<SysctlName> named;
        private final Map<String, String> changed = new HashMap<>();
        private final List<Assignment> assignments = new ArrayList<>();
        private final List<SysctlLine> idle = new ArrayList<>();

        Reader(List<SysctlLine> lines, SysctlTarget target, List<Problem> problems) {
            this.lines = lines;
            this.target = target;
            this.problems = problems;
            this.named = lines.stream()
                    .filter(line -> !line.isPattern())
                    .map(SysctlLine::name)
                    .collect(Collectors.toSet());
        }

        SysctlReading read() {
            for (SysctlLine line : lines) {
                line.value().ifPresent(value -> names(line).forEach(name -> assign(line, name, value)));
            }
            return new SysctlReading(List.copyOf(assignments), List.copyOf(problems), List.copyOf(idle));
        }

        /** The line's name, or what its pattern stands for: what is there and no line names by itself. */
        private List<SysctlName> names(SysctlLine line) {
            if (!line.isPattern()) {
                return List.of(line.name());
            }
            try {
                List<SysctlName> covered = target.matching(line);
                if (covered.isEmpty()) {
                    idle.add(line);
                }
                return covered.stream().filter(name -> !named.contains(name)).toList();
            } catch (PatternSyntaxException e) {
                problems.add(
                        line.problemWithName(line.name().dotted() + " is not a valid pattern: " + e.getDescription()));
                return List.of();
            }
        }

        private void assign(SysctlLine line, SysctlName name, String value) {
            Optional<Written> written = target.write(name, value, this::standing);
            written.flatMap(Written::left).ifPresent(shown -> changed.put(name.dotted(), shown));
            assignments.add(new Assignment(line, name, value, written));
        }

        private Optional<String> standing(String name) {
            return Optional.ofNullable(changed.get(name)).or(() -> target.initial(SysctlName.parse(name)));
        }
    }
}
