package io.tcplab.kernel.sysctl;

import io.tcplab.kernel.KernelException;
import io.tcplab.kernel.sysctl.LintFinding.Severity;
import io.tcplab.kernel.sysctl.LintFinding.Topic;
import io.tcplab.kernel.sysctl.RawSettings.Assignment;
import io.tcplab.kernel.sysctl.SysctlKnob.Access;
import io.tcplab.kernel.sysctl.SysctlKnob.Scope;
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
    private final Function<SysctlName, Optional<String>> here;
    private final SysctlDefaults defaults;

    /**
     * What a file came to.
     *
     * @param findings by line
     * @param settings how many assignments the file has
     * @param unjudged how many of them are about something that this kernel has and the catalogue hasn't
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
        this.here = here;
        this.defaults = defaults;
    }

    /** For the running kernel, and the values that the calling thread's namespace has now. */
    public static SysctlLint ofThisKernel(SysctlDefaults defaults) {
        return new SysctlLint(RunningKernel.current(), RunningKernel::value, defaults);
    }

    /** Judges the text of a file in the syntax of sysctl.conf. */
    public Result judge(String text) {
        RawSettings settings = RawSettings.parse(text, kernel);
        Map<String, Assignment> effective = settings.effective();
        List<LintFinding> findings = new ArrayList<>();
        settings.problems()
                .forEach(problem -> findings.add(new LintFinding(
                        problem.line(),
                        problem.column(),
                        Severity.ERROR,
                        Topic.SYNTAX,
                        "",
                        problem.message(),
                        List.of(),
                        List.of())));
        settings.idlePatterns()
                .forEach(line -> findings.add(finding(
                        line,
                        line.name().dotted(),
                        new Said(Severity.WARNING, Topic.UNKNOWN, "no knob of TCP that this kernel has matches it"))));
        int unjudged = 0;
        for (Assignment assignment : settings.assignments()) {
            List<LintFinding> said = judge(assignment, settings.over(assignment, effective), effective);
            findings.addAll(said);
            unjudged += said.isEmpty()
                            && SysctlCatalogue.find(assignment.name().dotted()).isEmpty()
                    ? 1
                    : 0;
        }
        findings.sort(Comparator.comparingInt(LintFinding::line).thenComparing(LintFinding::severity));
        return new Result(findings, settings.assignments().size(), unjudged);
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

    private List<LintFinding> judge(
            Assignment assignment, Optional<Assignment> over, Map<String, Assignment> effective) {
        String name = assignment.name().dotted();
        List<Said> said = SysctlCatalogue.find(name)
                .map(knob -> catalogued(knob, assignment, over, effective))
                .orElseGet(() -> uncatalogued(assignment, over));
        return said.stream().map(each -> finding(assignment.line(), name, each)).toList();
    }

    private List<Said> uncatalogued(Assignment assignment, Optional<Assignment> over) {
        SysctlName name = assignment.name();
        if (!kernel.has(name) && !kernel.has(name.ofDefaultInterface())) {
            return List.of(new Said(
                    gravity(assignment, Severity.ERROR),
                    Topic.UNKNOWN,
                    "unknown sysctl" + SysctlCatalogue.hint(name.dotted())));
        }
        return over.map(last -> List.of(overridden(assignment, last))).orElse(List.of());
    }

    private List<Said> catalogued(
            SysctlKnob knob, Assignment assignment, Optional<Assignment> over, Map<String, Assignment> effective) {
        Optional<Said> refusal = refusal(knob, assignment);
        if (refusal.isPresent()) {
            return List.of(refusal.get());
        }
        if (over.isPresent()) {
            return List.of(overridden(assignment, over.get()));
        }
        List<Said> said = new ArrayList<>();
        LintCondition.Values values = values(effective);
        rules(knob, false)
                .filter(rule -> rule.when().holds(knob.name(), values))
                .forEach(rule -> said.add(Said.by(rule)));
        if (knob.scope() == Scope.GLOBAL) {
            said.add(new Said(
                    Severity.NOTE, Topic.GLOBAL, "is one value for the whole host: no container or pod can set it"));
        }
        sameAsDefault(knob, assignment).ifPresent(said::add);
        return said;
    }

    /** Why the kernel won't take the line; then nothing else matters. */
    private Optional<Said> refusal(SysctlKnob knob, Assignment assignment) {
        // A namespace doesn't show what is the host's; the file may be for the host.
        boolean there = kernel.has(assignment.name())
                || (knob.scope() == Scope.GLOBAL && knob.until().isEmpty());
        if (!there) {
            return Optional.of(absent(knob, assignment));
        }
        if (knob.access() == Access.READ_ONLY && knob.scope() == Scope.PER_NAMESPACE) {
            return Optional.of(new Said(Severity.ERROR, Topic.READ_ONLY, "is read-only"));
        }
        return problem(knob, assignment.value());
    }

    private Said absent(SysctlKnob knob, Assignment assignment) {
        String why = knob.absence(kernel.release());
        boolean gone = knob.until().filter(kernel.release()::isAtLeast).isPresent();
        Topic topic = gone ? Topic.GONE : Topic.ABSENT;
        Severity severity = gravity(assignment, gone ? Severity.ERROR : Severity.WARNING);
        return rules(knob, true)
                .findFirst()
                .map(rule -> new Said(severity, topic, why + ". " + rule.message(), rule.claims(), rule.experiments()))
                .orElseGet(() -> new Said(severity, topic, why));
    }

    private static Optional<Said> problem(SysctlKnob knob, String value) {
        if (knob.range() instanceof SysctlRange.OneOf list) {
            return unlisted(list, value);
        }
        String hint = value.matches(".*\\s[#;].*") ? "; a comment begins only where a line begins" : "";
        return knob.range().problem(value).map(text -> new Said(Severity.ERROR, Topic.INVALID, text + hint));
    }

    /** On the host the kernel may load a module of that name, so that it is no error. */
    private static Optional<Said> unlisted(SysctlRange.OneOf list, String value) {
        try {
            return list.problem(value)
                    .map(text -> new Said(
                            Severity.WARNING, Topic.INVALID, text + "; on the host the kernel may load its module"));
        } catch (KernelException e) {
            return Optional.empty(); // this namespace doesn't show the list
        }
    }

    private static Said overridden(Assignment assignment, Assignment last) {
        int line = last.line().line();
        return assignment.value().equals(last.value())
                ? new Said(Severity.NOTE, Topic.OVERRIDDEN, "line " + line + " says the same again")
                : new Said(
                        Severity.WARNING,
                        Topic.OVERRIDDEN,
                        "has no effect: line %d overrides it with %s".formatted(line, last.value()));
    }

    private Optional<Said> sameAsDefault(SysctlKnob knob, Assignment assignment) {
        String value = knob.range().canonical(assignment.value());
        if (!defaults.of(knob).filter(value::equals).isPresent()) {
            return Optional.empty();
        }
        String now = here.apply(assignment.name())
                .map(knob.range()::canonical)
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
                        .map(Assignment::value)
                        .or(() -> here.apply(SysctlName.parse(name)));
            }

            @Override
            public Optional<String> defaultOf(String name) {
                return SysctlCatalogue.find(name).flatMap(defaults::of);
            }
        };
    }

    /** A dash says that the author knows. */
    private static Severity gravity(Assignment assignment, Severity severity) {
        return assignment.line().dash() ? Severity.NOTE : severity;
    }
}
