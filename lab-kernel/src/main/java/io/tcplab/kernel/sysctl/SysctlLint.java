package io.tcplab.kernel.sysctl;

import io.tcplab.kernel.sysctl.LintFinding.Severity;
import io.tcplab.kernel.sysctl.LintFinding.Topic;
import io.tcplab.kernel.sysctl.SysctlKnob.Scope;
import io.tcplab.kernel.sysctl.SysctlReading.Assignment;
import io.tcplab.kernel.sysctl.Written.Refused;
import io.tcplab.kernel.sysctl.Written.Taken;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Judges a file of settings for a host of this kernel: what the kernel won't take, what does nothing, what does harm.
 * Nothing is set.
 */
public final class SysctlLint {
    private final RunningKernel kernel;
    private final HostTarget target;
    private final SysctlDefaults defaults;

    /**
     * What a file came to.
     *
     * @param findings by line
     * @param settings how many assignments the file has
     * @param unjudged how many of them aren't about TCP
     */
    public record Result(List<LintFinding> findings, int settings, int unjudged) {
        public Result {
            findings = List.copyOf(findings);
        }

        /** How many findings are of that severity. */
        public long count(Severity severity) {
            return findings.stream()
                    .filter(finding -> finding.severity() == severity)
                    .count();
        }
    }

    SysctlLint(RunningKernel kernel, Function<SysctlName, Optional<String>> here, SysctlDefaults defaults) {
        this.kernel = kernel;
        this.target = new HostTarget(kernel, here);
        this.defaults = defaults;
    }

    /** For the running kernel, and the values that the calling thread's namespace has now. */
    public static SysctlLint ofThisKernel(SysctlDefaults defaults) {
        return new SysctlLint(RunningKernel.current(), RunningKernel::value, defaults);
    }

    /** Judges the text of a file in the syntax of sysctl.conf. */
    public Result judge(String text) {
        SysctlReading reading = SysctlReading.of(text, target);
        Map<String, Assignment> effective = reading.effective();
        List<LintFinding> findings = new ArrayList<>();
        reading.problems().forEach(problem -> findings.add(syntax(problem)));
        reading.idlePatterns()
                .forEach(line -> idle(line)
                        .ifPresent(
                                said -> findings.add(finding(line, line.name().dotted(), said))));
        for (Assignment assignment : reading.assignments()) {
            judge(assignment, reading.over(assignment, effective), effective).stream()
                    .map(said -> finding(assignment.line(), assignment.name().dotted(), said))
                    .forEach(findings::add);
        }
        findings.sort(Comparator.comparingInt(LintFinding::line).thenComparing(LintFinding::severity));
        long unjudged = reading.assignments().stream()
                .filter(assignment -> assignment.written().isEmpty())
                .count();
        return new Result(findings, reading.assignments().size(), (int) unjudged);
    }

    private static LintFinding syntax(SysctlFile.Problem problem) {
        Severity severity = problem.expected() ? Severity.NOTE : Severity.ERROR;
        return new LintFinding(
                problem.line(), problem.column(), severity, Topic.SYNTAX, "", problem.message(), List.of(), List.of());
    }

    /** Of a pattern that matches nothing here, if it may be about TCP. */
    private Optional<Said> idle(SysctlLine line) {
        Optional<Refused> absent = SysctlCatalogue.knobs().stream()
                .filter(knob -> line.covers(SysctlName.parse(knob.name())))
                .findFirst()
                .map(knob -> Absence.of(knob, kernel));
        if (absent.isPresent()) {
            return absent.map(no -> new Said(
                    gravity(line, Severity.WARNING),
                    no.topic(),
                    "matches nothing here; what it would match " + no.why()));
        }
        return Absence.mayBeOfTcp(line.name())
                ? Optional.of(new Said(
                        gravity(line, Severity.WARNING), Topic.UNKNOWN, "matches nothing that this kernel has"))
                : Optional.empty();
    }

    private record Said(
            Severity severity, Topic topic, String message, List<Integer> claims, List<String> experiments) {
        Said(Severity severity, Topic topic, String message) {
            this(severity, topic, message, List.of(), List.of());
        }

        static Said by(LintRule rule) {
            return new Said(rule.severity(), rule.topic(), rule.message(), rule.claims(), rule.experiments());
        }
    }

    private static LintFinding finding(SysctlLine line, String name, Said said) {
        boolean aboutValue = said.topic() == Topic.INVALID;
        return new LintFinding(
                line.line(),
                aboutValue ? line.valueColumn() : line.nameColumn(),
                said.severity(),
                said.topic(),
                name,
                said.message(),
                said.claims(),
                said.experiments());
    }

    private List<Said> judge(Assignment assignment, Optional<Assignment> over, Map<String, Assignment> effective) {
        Optional<SysctlKnob> knob = SysctlCatalogue.find(assignment.name().dotted());
        if (assignment.refused().isPresent()) {
            return List.of(refused(knob, assignment.line(), assignment.refused().get()));
        }
        if (knob.isEmpty()) {
            return List.of();
        }
        return over.map(last -> List.of(overridden(assignment, last)))
                .orElseGet(() -> inForce(knob.get(), assignment, effective));
    }

    private List<Said> inForce(SysctlKnob knob, Assignment assignment, Map<String, Assignment> effective) {
        List<Said> said = new ArrayList<>();
        assignment
                .written()
                .flatMap(Written::taken)
                .map(Taken::doubt)
                .filter(doubt -> !doubt.isEmpty())
                .ifPresent(doubt -> said.add(new Said(Severity.WARNING, Topic.DOUBTFUL, doubt)));
        LintCondition.Values values = values(effective);
        rules(knob, false)
                .filter(rule -> rule.when().holds(knob.name(), values))
                .forEach(rule -> said.add(Said.by(rule)));
        if (knob.scope() == Scope.GLOBAL) {
            said.add(new Said(
                    Severity.NOTE, Topic.GLOBAL, "is shared by the whole host: no container or pod can set it"));
        }
        sameAsDefault(knob, assignment).ifPresent(said::add);
        return said;
    }

    /** Why the kernel won't take the line; then nothing else matters. */
    private Said refused(Optional<SysctlKnob> knob, SysctlLine line, Refused no) {
        Severity severity = gravity(line, no.topic() == Topic.ABSENT ? Severity.WARNING : Severity.ERROR);
        String why = no.why();
        boolean absent = no.topic() == Topic.GONE || no.topic() == Topic.ABSENT;
        if (knob.isEmpty() || !absent) {
            return new Said(severity, no.topic(), why);
        }
        return rules(knob.get(), true)
                .findFirst()
                .map(rule ->
                        new Said(severity, no.topic(), why + ". " + rule.message(), rule.claims(), rule.experiments()))
                .orElseGet(() -> new Said(
                        severity,
                        no.topic(),
                        no.topic() == Topic.GONE ? why + ". " + knob.get().meaning() : why));
    }

    private static Said overridden(Assignment assignment, Assignment last) {
        int line = last.line().line();
        return assignment.shown().equals(last.shown())
                ? new Said(Severity.NOTE, Topic.OVERRIDDEN, "line " + line + " repeats it")
                : new Said(
                        Severity.WARNING,
                        Topic.OVERRIDDEN,
                        "has no effect: line %d overrides it with %s"
                                .formatted(line, last.shown().orElse(last.value())));
    }

    private Optional<Said> sameAsDefault(SysctlKnob knob, Assignment assignment) {
        String value = assignment.shown().orElse(assignment.value());
        if (!defaults.of(knob).filter(value::equals).isPresent()) {
            return Optional.empty();
        }
        String now = target.initial(assignment.name())
                .filter(shown -> !shown.equals(value))
                .map(shown -> "; here it is " + shown + " now")
                .orElse("");
        List<LintRule> known = LintRules.about(knob.name()).stream()
                .filter(rule -> rule.topic() == Topic.DEFAULT)
                .toList();
        return Optional.of(new Said(
                Severity.NOTE,
                Topic.DEFAULT,
                "is the kernel's default already" + now
                        + known.stream()
                                .map(rule -> ". " + rule.message())
                                .findFirst()
                                .orElse(""),
                known.stream().flatMap(rule -> rule.claims().stream()).toList(),
                known.stream().flatMap(rule -> rule.experiments().stream()).toList()));
    }

    private Stream<LintRule> rules(SysctlKnob knob, boolean ofAbsence) {
        return LintRules.about(knob.name()).stream()
                .filter(rule -> rule.isFor(kernel.release()))
                .filter(rule -> rule.topic() != Topic.DEFAULT)
                .filter(rule -> (rule.topic() == Topic.GONE) == ofAbsence);
    }

    private LintCondition.Values values(Map<String, Assignment> effective) {
        return new LintCondition.Values() {
            @Override
            public Optional<String> of(String name) {
                return Optional.ofNullable(effective.get(name))
                        .flatMap(Assignment::shown)
                        .or(() -> target.initial(SysctlName.parse(name)));
            }

            @Override
            public Optional<String> defaultOf(String name) {
                return SysctlCatalogue.find(name).flatMap(defaults::of);
            }
        };
    }

    /** A dash says that the author knows. */
    private static Severity gravity(SysctlLine line, Severity severity) {
        return line.dash() ? Severity.NOTE : severity;
    }
}
