package io.tcplab.kernel.sysctl;

import io.tcplab.kernel.sysctl.SysctlFile.Problem;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;

/**
 * What a file's lines come to under one kernel: patterns expanded, later lines over earlier ones, each value checked.
 */
final class SysctlAssignments {
    private final SequencedMap<String, SysctlSetting> settings = new LinkedHashMap<>();
    private final List<Problem> problems = new ArrayList<>();
    private final List<Problem> ignored = new ArrayList<>();
    private final Set<SysctlName> named;
    private final RunningKernel kernel;

    SysctlAssignments(List<SysctlLine> lines, RunningKernel kernel) {
        this.kernel = kernel;
        this.named = lines.stream()
                .filter(line -> !line.isPattern())
                .map(SysctlLine::name)
                .collect(Collectors.toSet());
        for (SysctlLine line : lines) {
            line.value().ifPresent(value -> namesOf(line).forEach(name -> assign(line, name, value)));
        }
    }

    List<SysctlSetting> settings() {
        return List.copyOf(settings.values());
    }

    List<Problem> problems() {
        return problems;
    }

    List<Problem> ignored() {
        return ignored;
    }

    private void assign(SysctlLine line, SysctlName name, String value) {
        Optional<String> problem = Sysctls.problem(name.dotted(), value, kernel);
        if (problem.isEmpty()) {
            settings.putLast(name.dotted(), new SysctlSetting(name.dotted(), value, line.dash(), line.line()));
        } else {
            boolean concernsValue = SysctlCatalogue.find(name.dotted())
                    .filter(knob -> knob.canBeSetUnder(kernel))
                    .isPresent();
            (line.dash() ? ignored : problems)
                    .add(concernsValue ? line.problemWithValue(problem.get()) : line.problemWithName(problem.get()));
        }
    }

    /** The line's name, or what its pattern stands for: knobs that can be set and that no line names by itself. */
    private List<SysctlName> namesOf(SysctlLine line) {
        if (!line.isPattern()) {
            return List.of(line.name());
        }
        try {
            List<SysctlName> covered = SysctlCatalogue.knobs().stream()
                    .filter(knob -> knob.canBeSetUnder(kernel))
                    .map(knob -> SysctlName.parse(knob.name()))
                    .filter(line::covers)
                    .toList();
            if (covered.isEmpty()) {
                (line.dash() ? ignored : problems)
                        .add(line.problemWithName("no knob that a namespace can set matches "
                                + line.name().dotted()));
            }
            return covered.stream().filter(name -> !named.contains(name)).toList();
        } catch (PatternSyntaxException e) {
            problems.add(line.problemWithName(line.name().dotted() + " is no pattern: " + e.getDescription()));
            return List.of();
        }
    }
}
