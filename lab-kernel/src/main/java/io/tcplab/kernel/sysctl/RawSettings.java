package io.tcplab.kernel.sysctl;

import io.tcplab.kernel.sysctl.SysctlFile.Problem;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;

/**
 * What the lines of a file assign, whether this kernel takes it or not: for those who judge a file, where
 * {@link SysctlAssignments} is for those who apply one.
 *
 * @param assignments in the file's order, patterns expanded to what this kernel has
 * @param problems lines that can't be understood
 * @param idlePatterns lines whose pattern matches nothing
 */
record RawSettings(List<Assignment> assignments, List<Problem> problems, List<SysctlLine> idlePatterns) {
    /** One name that a line sets. */
    record Assignment(SysctlLine line, SysctlName name, String value) {}

    static RawSettings parse(String text, RunningKernel kernel) {
        List<Problem> problems = new ArrayList<>();
        List<SysctlLine> lines = SysctlLine.parse(text, problems);
        Set<SysctlName> named = lines.stream()
                .filter(line -> !line.isPattern())
                .map(SysctlLine::name)
                .collect(Collectors.toSet());
        List<Assignment> assignments = new ArrayList<>();
        List<SysctlLine> idle = new ArrayList<>();
        for (SysctlLine line : lines) {
            if (line.value().isEmpty()) {
                continue;
            }
            String value = line.value().get();
            if (!line.isPattern()) {
                assignments.add(new Assignment(line, line.name(), value));
                continue;
            }
            List<SysctlName> covered = covered(line, kernel, problems);
            if (covered.isEmpty()) {
                idle.add(line);
            }
            covered.stream()
                    .filter(name -> !named.contains(name))
                    .forEach(name -> assignments.add(new Assignment(line, name, value)));
        }
        return new RawSettings(List.copyOf(assignments), List.copyOf(problems), List.copyOf(idle));
    }

    /** The line that decides, of each name: a name's own line over a pattern, a later one over an earlier one. */
    Map<String, Assignment> effective() {
        Map<String, Assignment> last = new LinkedHashMap<>();
        assignments.forEach(assignment -> last.put(assignment.name().dotted(), assignment));
        return last;
    }

    /** The assignment that makes this one void; empty if it is in force. */
    Optional<Assignment> over(Assignment assignment, Map<String, Assignment> effective) {
        return Optional.ofNullable(effective.get(assignment.name().dotted())).filter(last -> !last.equals(assignment));
    }

    private static List<SysctlName> covered(SysctlLine line, RunningKernel kernel, List<Problem> problems) {
        try {
            return SysctlCatalogue.knobs().stream()
                    .map(knob -> SysctlName.parse(knob.name()))
                    .filter(name -> kernel.has(name) && line.covers(name))
                    .toList();
        } catch (PatternSyntaxException e) {
            problems.add(line.problemWithName(line.name().dotted() + " is no pattern: " + e.getDescription()));
            return List.of();
        }
    }
}
