package io.tcplab.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.tcplab.experiments.Arm;
import io.tcplab.experiments.Measurement;
import io.tcplab.experiments.run.ArmFigures;
import io.tcplab.experiments.run.ExpectationResult;
import io.tcplab.experiments.run.RunResult;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What {@code lab run} came to, as JSON. */
public record RunJson(
        String schema,
        Json.Kernel kernel,
        String sandbox,
        long seed,
        boolean withoutFault,
        boolean interrupted,
        String verdict,
        @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<Memory> memory,
        List<Run> runs)
        implements Json.Document {

    /** The most bytes that the lab's process had: in RAM, and of Java's heap. */
    public record Memory(long peakResident, long peakHeap) {}

    /** One run. */
    public record Run(
            String experiment,
            int trial,
            String verdict,
            String reason,
            BigDecimal seconds,
            Map<String, Object> knobs,
            Map<String, Map<String, String>> sysctls,
            List<Expectation> expectations,
            Map<String, Value> measurements,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, Map<String, Moved>> counters,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Load> loads) {}

    /** How far a counter went in each arm; {@code control} is empty where there was none. */
    public record Moved(Optional<Long> fault, Optional<Long> control) {}

    /** How long the operations of one arm's load took. */
    public record Load(
            String name,
            String arm,
            long connected,
            long completed,
            LoadFiguresJson.Latency connectLatency,
            LoadFiguresJson.Latency completionLatency,
            LoadFiguresJson.Latency lag) {}

    /** One expectation in one arm. */
    public record Expectation(
            String name,
            String arm,
            String host,
            String source,
            String expected,
            String observed,
            String verdict,
            boolean decides,
            String reason) {}

    /** A measured figure; empty where it isn't a finite number. */
    public record Value(Optional<BigDecimal> value, String unit) {}

    /** Of a report. */
    public static RunJson of(RunReport report) {
        return new RunJson(
                "lab/run/1",
                new Json.Kernel(report.kernelRelease()),
                report.sandbox(),
                report.seed(),
                report.withoutFault(),
                report.interrupted(),
                report.verdict().label(),
                report.memory().map(memory -> new Memory(memory.peakResident(), memory.peakHeap())),
                report.runs().stream().map(RunJson::run).toList());
    }

    private static Run run(RunResult run) {
        return new Run(
                run.experiment(),
                run.trial(),
                run.verdict().label(),
                run.reason(),
                Figures.rounded(run.seconds()),
                Json.knobs(run.knobs()),
                Json.sysctls(run.sysctls()),
                run.expectations().stream().map(RunJson::expectation).toList(),
                measurements(run.measurements()),
                counters(run),
                Stream.concat(loads(Arm.FAULT, run.fault()), loads(Arm.CONTROL, run.control()))
                        .toList());
    }

    private static Map<String, Map<String, Moved>> counters(RunResult run) {
        Map<String, Map<String, Moved>> hosts = new LinkedHashMap<>();
        MovedCounter.of(run)
                .forEach(moved -> moved.by()
                        .forEach((role, by) -> hosts.computeIfAbsent(role.label(), label -> new TreeMap<>())
                                .put(moved.name(), new Moved(boxed(by.fault()), boxed(by.control())))));
        return hosts;
    }

    private static Optional<Long> boxed(OptionalLong value) {
        return value.isPresent() ? Optional.of(value.getAsLong()) : Optional.empty();
    }

    private static Stream<Load> loads(Arm arm, ArmFigures figures) {
        return figures.loads().stream()
                .map(load -> new Load(
                        load.name(),
                        arm.label(),
                        load.report().connected(),
                        load.report().completed(),
                        LoadFiguresJson.Latency.of(load.report().connectLatency()),
                        LoadFiguresJson.Latency.of(load.report().completionLatency()),
                        LoadFiguresJson.Latency.of(load.report().lag())));
    }

    private static Expectation expectation(ExpectationResult result) {
        return new Expectation(
                result.expectation().statement(),
                result.arm().label(),
                result.expectation().host().label(),
                result.expectation().source().label(),
                result.expected(),
                result.observed(),
                result.verdict().label(),
                result.decides(),
                result.reason());
    }

    private static Map<String, Value> measurements(Map<String, Measurement> measurements) {
        Map<String, Value> values = new LinkedHashMap<>();
        measurements.forEach((name, measurement) -> values.put(
                name,
                new Value(
                        Optional.of(measurement.value())
                                .filter(Double::isFinite)
                                .map(Figures::rounded),
                        measurement.unit())));
        return values;
    }
}
