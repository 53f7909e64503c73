package io.tcplab.kernel.sysctl;

import io.tcplab.kernel.sysctl.SysctlFile.Problem;
import io.tcplab.kernel.sysctl.SysctlReading.Assignment;
import io.tcplab.kernel.sysctl.Written.Refused;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * In what two files of settings differ once they are in force, or a file and what is in force here. What neither of them
 * sets, and what both of them leave at the same value, isn't reported.
 *
 * @param differences in the order of the first file, then of the second
 * @param overridden lines of either file that another one makes void
 * @param problems lines of either file that can't be understood; they count for nothing
 * @param same how many sysctls have the same value on both sides, though a file sets them
 */
public record SysctlDiff(
        List<Difference> differences, List<Overridden> overridden, List<Misunderstood> problems, int same) {
    public SysctlDiff {
        differences = List.copyOf(differences);
        overridden = List.copyOf(overridden);
        problems = List.copyOf(problems);
    }

    /** The first or the second of what is compared. */
    public enum Which {
        FIRST,
        SECOND
    }

    /** Where a side's value is from. */
    public enum Origin {
        /** A line of the file. */
        FILE,
        /** The file doesn't set it: the kernel's default. */
        DEFAULT,
        /** What is in force here. */
        HERE,
        /** Unknown: the file doesn't set it, and it has no default that is the same everywhere. */
        UNKNOWN
    }

    /**
     * What one side comes to.
     *
     * @param value canonical; empty if it isn't known
     * @param line of a file, from 1; else 0
     * @param problem why this kernel won't take it from the file, or there is none here; empty if all is well
     */
    public record Side(Origin origin, String value, int line, String problem) {
        /** What isn't known, or won't be taken, is the same as nothing but itself. */
        boolean comesToTheSameAs(Side other) {
            boolean known = origin != Origin.UNKNOWN && other.origin != Origin.UNKNOWN;
            return known && value.equals(other.value) && problem.equals(other.problem);
        }
    }

    /** A sysctl that has not the same value on both sides. */
    public record Difference(String name, Side first, Side second, String meaning) {}

    /** A line that another one of its file makes void. */
    public record Overridden(Which file, String name, String value, int line, String byValue, int byLine) {}

    /** A line that can't be understood. */
    public record Misunderstood(Which file, Problem problem) {}

    /** Compares two files' texts, for a host that has the defaults where they say nothing. */
    public static SysctlDiff ofFiles(String first, String second, SysctlDefaults defaults) {
        return ofFiles(first, second, defaults, RunningKernel.current());
    }

    static SysctlDiff ofFiles(String first, String second, SysctlDefaults defaults, RunningKernel kernel) {
        HostTarget host = new HostTarget(
                kernel, name -> SysctlCatalogue.find(name.dotted()).flatMap(defaults::of));
        SysctlReading one = SysctlReading.of(first, host);
        SysctlReading other = SysctlReading.of(second, host);
        Function<String, Side> otherwise = name -> ofDefault(name, defaults);
        return compare(List.of(one, other), sides(one, otherwise), sides(other, otherwise));
    }

    /** Compares a file's text with what the calling thread's namespace has, as to all that the file sets. */
    public static SysctlDiff withHere(String text) {
        SysctlReading file = SysctlReading.of(text, new HostTarget(RunningKernel.current(), RunningKernel::value));
        return compare(List.of(file), sides(file, SysctlDiff::here), SysctlDiff::here);
    }

    private static SysctlDiff compare(
            List<SysctlReading> files, Function<String, Side> first, Function<String, Side> second) {
        Set<String> names = new LinkedHashSet<>();
        files.forEach(file -> names.addAll(file.effective().keySet()));
        List<Difference> differences = names.stream()
                .map(name -> new Difference(name, first.apply(name), second.apply(name), meaning(name)))
                .filter(difference -> !difference.first().comesToTheSameAs(difference.second()))
                .toList();
        List<Overridden> overridden = new ArrayList<>();
        List<Misunderstood> problems = new ArrayList<>();
        for (int i = 0; i < files.size(); i++) {
            Which which = Which.values()[i];
            overridden.addAll(overridden(files.get(i), which));
            files.get(i).problems().forEach(problem -> problems.add(new Misunderstood(which, problem)));
        }
        return new SysctlDiff(differences, overridden, problems, names.size() - differences.size());
    }

    /** What a file comes to, and where it says nothing what it is otherwise. */
    private static Function<String, Side> sides(SysctlReading file, Function<String, Side> otherwise) {
        Map<String, Assignment> effective = file.effective();
        return name ->
                Optional.ofNullable(effective.get(name)).map(SysctlDiff::ofFile).orElseGet(() -> otherwise.apply(name));
    }

    private static Side ofFile(Assignment assignment) {
        return new Side(
                Origin.FILE,
                assignment.shown().orElse(assignment.value()),
                assignment.line().line(),
                assignment.refused().map(Refused::why).orElse(""));
    }

    private static Side ofDefault(String name, SysctlDefaults defaults) {
        return SysctlCatalogue.find(name)
                .flatMap(defaults::of)
                .map(value -> new Side(Origin.DEFAULT, value, 0, ""))
                .orElse(new Side(Origin.UNKNOWN, "", 0, ""));
    }

    private static Side here(String name) {
        return RunningKernel.value(SysctlName.parse(name))
                .map(value -> new Side(Origin.HERE, canonical(name, value), 0, ""))
                .orElse(new Side(Origin.HERE, "", 0, "doesn't exist, or isn't readable"));
    }

    private static List<Overridden> overridden(SysctlReading file, Which which) {
        Map<String, Assignment> effective = file.effective();
        return file.assignments().stream()
                .flatMap(assignment -> file.over(assignment, effective).stream()
                        .map(last -> new Overridden(
                                which,
                                assignment.name().dotted(),
                                assignment.shown().orElse(assignment.value()),
                                assignment.line().line(),
                                last.shown().orElse(last.value()),
                                last.line().line())))
                .toList();
    }

    private static String canonical(String name, String value) {
        return SysctlCatalogue.find(name)
                .map(knob -> knob.range().canonical(value))
                .orElseGet(() -> value.strip().replaceAll("\\s+", " "));
    }

    private static String meaning(String name) {
        return SysctlCatalogue.find(name).map(SysctlKnob::meaning).orElse("");
    }
}
