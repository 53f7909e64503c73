package io.tcplab.experiments.run;

import io.tcplab.experiments.Arm;
import io.tcplab.experiments.EvidenceMissing;
import io.tcplab.experiments.Measure;
import io.tcplab.experiments.Measurement;
import io.tcplab.experiments.Observation;
import io.tcplab.experiments.Role;
import io.tcplab.experiments.Trial;
import io.tcplab.experiments.Verdict;
import io.tcplab.experiments.cell.Cell;
import io.tcplab.experiments.cell.Host;
import io.tcplab.experiments.cell.Sandbox;
import io.tcplab.kernel.KernelException;
import io.tcplab.kernel.sockets.TcpState;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Takes a prepared run for its measures: one cell, the fault, no control. Calls of {@link #run} may go side by side, each
 * on a platform thread of its own.
 */
public final class Measuring {
    private final Sandbox sandbox;
    private final RunListener listener;

    /** In a sandbox that is available. */
    public Measuring(Sandbox sandbox, RunListener listener) {
        this.sandbox = sandbox;
        this.listener = listener;
    }

    /**
     * Makes the cell, takes the steps, removes the cell.
     *
     * @param watched by host, the sysctls to read back
     * @throws InterruptedException if the calling thread was interrupted; the cell is gone by then
     */
    public MeasuredRun run(PreparedRun run, Map<Role, Set<String>> watched) throws InterruptedException {
        long start = System.nanoTime();
        if (run.obstacle().isPresent()) {
            return nothing(run.obstacle().get(), 0);
        }
        try (Cell cell = sandbox.open(run.faultCell());
                TimelineSampler sampler = new TimelineSampler(cell)) {
            Map<Role, Map<String, String>> before = read(cell, watched);
            Trial trial = new Trial(cell, run.knobs(), true, what -> listener.step(run, Arm.FAULT, what));
            String problem = steps(run, trial);
            return new MeasuredRun(
                    measurements(run, trial, sampler.whole()),
                    trial.unmeasured(),
                    verdict(trial),
                    before,
                    changed(before, read(cell, watched)),
                    problem,
                    seconds(start));
        } catch (EvidenceMissing | KernelException e) {
            return nothing(String.valueOf(e.getMessage()), seconds(start));
        }
    }

    private static MeasuredRun nothing(String problem, double seconds) {
        return new MeasuredRun(Map.of(), Map.of(), Optional.empty(), Map.of(), List.of(), problem, seconds);
    }

    private static double seconds(long start) {
        return (System.nanoTime() - start) / 1e9;
    }

    private static String steps(PreparedRun run, Trial trial) throws InterruptedException {
        try {
            run.experiment().measure(trial);
            return "";
        } catch (EvidenceMissing | KernelException e) {
            return String.valueOf(e.getMessage());
        }
    }

    /** A state in which no socket was ever seen has a peak of 0, if it is among the measures. */
    private static Map<String, Measurement> measurements(PreparedRun run, Trial trial, Timeline timeline) {
        Map<String, Measurement> all = new LinkedHashMap<>();
        if (!timeline.samples().isEmpty()) {
            List<Measure> measures = run.experiment().measures();
            for (Role role : Role.values()) {
                for (TcpState state : TcpState.values()) {
                    Measure peak = Measure.peak(role, state, Measure.Better.NEITHER);
                    if (measures.stream().anyMatch(measure -> measure.name().equals(peak.name()))) {
                        all.put(peak.name(), new Measurement(0, peak.unit()));
                    }
                }
            }
        }
        all.putAll(ArmRun.withPeaks(trial.measurements(), timeline));
        return all;
    }

    private static Optional<Verdict> verdict(Trial trial) {
        List<Observation> observed = List.copyOf(trial.observations().values());
        return observed.isEmpty()
                ? Optional.empty()
                : Optional.of(Judge.verdict(Judge.judge(
                        observed.stream().map(Observation::expectation).toList(),
                        new Judge.ArmEvidence(trial.observations(), ""),
                        Optional.empty())));
    }

    private static Map<Role, Map<String, String>> read(Cell cell, Map<Role, Set<String>> watched) {
        Map<Role, Map<String, String>> values = new EnumMap<>(Role.class);
        watched.forEach((role, names) -> {
            Map<String, String> own = new TreeMap<>();
            names.forEach(name -> read(cell.host(role), name).ifPresent(value -> own.put(name, value)));
            values.put(role, Map.copyOf(own));
        });
        return values;
    }

    private static Optional<String> read(Host host, String name) {
        try {
            return Optional.of(host.sysctl(name));
        } catch (KernelException absent) {
            return Optional.empty();
        }
    }

    private static List<String> changed(Map<Role, Map<String, String>> before, Map<Role, Map<String, String>> after) {
        return before.entrySet().stream()
                .flatMap(host -> host.getValue().entrySet().stream()
                        .filter(sysctl -> !sysctl.getValue()
                                .equals(after.getOrDefault(host.getKey(), Map.of())
                                        .get(sysctl.getKey())))
                        .map(sysctl -> host.getKey().label() + " " + sysctl.getKey()))
                .sorted()
                .toList();
    }
}
