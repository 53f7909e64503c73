package io.tcplab.report;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.tcplab.kernel.limits.KernelRelease;
import io.tcplab.kernel.sysctl.LintFinding;
import io.tcplab.kernel.sysctl.SysctlDiff;
import io.tcplab.kernel.sysctl.SysctlKnob;
import io.tcplab.kernel.sysctl.SysctlKnob.Scope;
import io.tcplab.report.LintReport.Judged;
import io.tcplab.report.SysctlReport.Entry;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The knobs that {@code lab sysctl} lists, as JSON; what its commands {@code lint} and {@code diff} find is nested. */
public record SysctlJson(String schema, Json.Kernel kernel, String defaultsFrom, List<Knob> sysctls)
        implements Json.Document {

    /** A knob as it stands. */
    public record Knob(
            String name,
            Optional<String> value,
            @JsonProperty("default") Optional<String> initial,
            boolean changed,
            String takes,
            String unit,
            String scope,
            boolean writable,
            Optional<String> since,
            String meaning,
            List<String> experiments) {}

    /** Of a kernel's knobs. */
    public static SysctlJson of(SysctlReport report) {
        return new SysctlJson(
                "lab/sysctl/1",
                new Json.Kernel(report.kernelRelease()),
                defaultsFrom(report.defaultsMeasured()),
                report.entries().stream().map(SysctlJson::knob).toList());
    }

    private static Knob knob(Entry entry) {
        SysctlKnob knob = entry.knob();
        return new Knob(
                knob.name(),
                entry.state().value(),
                entry.state().defaultValue(),
                entry.state().isChanged(),
                knob.range().description() + knob.range().limit(),
                knob.unit(),
                knob.scope() == Scope.PER_NAMESPACE ? "namespace" : "host",
                knob.isSettable(),
                knob.since().map(KernelRelease::text),
                knob.meaning(),
                entry.experiments());
    }

    private static String defaultsFrom(boolean measured) {
        return measured ? "namespace" : "catalogue";
    }

    /** What is wrong with files of settings. */
    public record Lint(String schema, Json.Kernel kernel, String defaultsFrom, List<File> files)
            implements Json.Document {
        /** A file and what was found in it. */
        public record File(String file, int settings, int unjudged, List<Finding> findings) {}

        /** What is wrong with one line. */
        public record Finding(
                int line,
                int column,
                String severity,
                String topic,
                String name,
                String message,
                List<Integer> claims,
                List<String> experiments) {}

        /** Of a report. */
        public static Lint of(LintReport report) {
            return new Lint(
                    "lab/sysctl-lint/1",
                    new Json.Kernel(report.kernelRelease()),
                    SysctlJson.defaultsFrom(report.defaultsMeasured()),
                    report.files().stream().map(Lint::file).toList());
        }

        private static File file(Judged file) {
            return new File(
                    file.file(),
                    file.result().settings(),
                    file.result().unjudged(),
                    file.result().findings().stream().map(Lint::finding).toList());
        }

        private static Finding finding(LintFinding finding) {
            return new Finding(
                    finding.line(),
                    finding.column(),
                    finding.severity().label(),
                    finding.topic().label(),
                    finding.name(),
                    finding.message(),
                    finding.claims(),
                    finding.experiments());
        }
    }

    /** What two files of settings differ in. */
    public record Diff(
            String schema,
            Json.Kernel kernel,
            String first,
            String second,
            int same,
            List<Difference> differences,
            List<Overridden> overridden,
            List<Problem> problems)
            implements Json.Document {
        /** A sysctl that isn't the same on both sides. */
        public record Difference(String name, Side first, Side second, String meaning) {}

        /** What a sysctl is on one side, and by what. */
        public record Side(String from, String value, int line, String problem) {}

        /** A line that a later one of the same file makes void. */
        public record Overridden(String side, String name, int line, String value, int byLine, String byValue) {}

        /** A line that isn't understood. */
        public record Problem(String side, int line, int column, String message) {}

        /** Of two files, by the names that the user gave them. */
        public static Diff of(SysctlDiff diff, String kernelRelease, String first, String second) {
            return new Diff(
                    "lab/sysctl-diff/1",
                    new Json.Kernel(kernelRelease),
                    first,
                    second,
                    diff.same(),
                    diff.differences().stream().map(Diff::difference).toList(),
                    diff.overridden().stream().map(Diff::overridden).toList(),
                    diff.problems().stream().map(Diff::problem).toList());
        }

        private static Difference difference(SysctlDiff.Difference difference) {
            return new Difference(
                    difference.name(), side(difference.first()), side(difference.second()), difference.meaning());
        }

        private static Side side(SysctlDiff.Side side) {
            return new Side(label(side.origin()), side.value(), side.line(), side.problem());
        }

        private static Overridden overridden(SysctlDiff.Overridden line) {
            return new Overridden(
                    label(line.file()), line.name(), line.line(), line.value(), line.byLine(), line.byValue());
        }

        private static Problem problem(SysctlDiff.Misunderstood line) {
            return new Problem(
                    label(line.file()),
                    line.problem().line(),
                    line.problem().column(),
                    line.problem().message());
        }

        private static String label(Enum<?> constant) {
            return constant.name().toLowerCase(Locale.ROOT);
        }
    }
}
