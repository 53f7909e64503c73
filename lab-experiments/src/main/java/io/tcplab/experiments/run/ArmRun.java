package io.tcplab.experiments.run;

import io.tcplab.experiments.Arm;
import io.tcplab.experiments.EvidenceMissing;
import io.tcplab.experiments.Measurement;
import io.tcplab.experiments.NamedLoad;
import io.tcplab.experiments.Role;
import io.tcplab.experiments.Trial;
import io.tcplab.experiments.cell.Cell;
import io.tcplab.experiments.cell.CellPlan;
import io.tcplab.experiments.cell.Sandbox;
import io.tcplab.experiments.ladder.Counting;
import io.tcplab.kernel.KernelException;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;

/** One arm of a run: makes its cell, takes the steps, removes the cell. */
final class ArmRun implements Callable<ArmRun.Outcome> {
    private final PreparedRun run;
    private final Arm arm;
    private final boolean faulty;
    private final Sandbox sandbox;
    private final RunListener listener;
    private final ArtifactSink artifacts;

    /** What an arm yields. */
    record Outcome(
            Judge.ArmEvidence evidence,
            Map<String, Measurement> measurements,
            Map<Role, Map<String, String>> sysctls,
            ArmFigures figures) {}

    private ArmRun(
            PreparedRun run, Arm arm, boolean faulty, Sandbox sandbox, RunListener listener, ArtifactSink artifacts) {
        this.run = run;
        this.arm = arm;
        this.faulty = faulty;
        this.sandbox = sandbox;
        this.listener = listener;
        this.artifacts = artifacts;
    }

    static ArmRun fault(PreparedRun run, Sandbox sandbox, RunListener listener, ArtifactSink artifacts) {
        return new ArmRun(run, Arm.FAULT, !run.withoutFault(), sandbox, listener, artifacts);
    }

    static ArmRun control(PreparedRun run, Sandbox sandbox, RunListener listener, ArtifactSink artifacts) {
        return new ArmRun(run, Arm.CONTROL, false, sandbox, listener, artifacts);
    }

    @Override
    public Outcome call() throws InterruptedException {
        try (Cell cell = sandbox.open(plan());
                ArmArtifacts kept = ArmArtifacts.start(artifacts, cell, run, arm);
                TimelineSampler sampler = sampler(cell)) {
            Trial trial = new Trial(cell, run.knobs(), faulty, what -> {
                sampler.step(what);
                listener.step(run, arm, what);
            });
            Judge.ArmEvidence evidence = steps(trial);
            Map<Role, Map<String, Long>> counters = counters(cell);
            List<NamedLoad> loads = trial.loads();
            Timeline timeline = sampler.stop();
            kept.end();
            return new Outcome(
                    cell.lost()
                            .or(() -> Shortage.in(counters))
                            .map(why -> new Judge.ArmEvidence(Map.of(), why))
                            .orElse(evidence),
                    withPeaks(trial.measurements(), sampler.whole()),
                    effectiveSysctls(cell),
                    new ArmFigures(timeline, counters, loads));
        } catch (EvidenceMissing | KernelException e) {
            return new Outcome(
                    new Judge.ArmEvidence(Map.of(), String.valueOf(e.getMessage())),
                    Map.of(),
                    new EnumMap<>(Map.of(Role.CLIENT, Map.of(), Role.SERVER, Map.of())),
                    ArmFigures.none());
        }
    }

    /** Where the sandbox's hosts have counters of their own: others count what every program does. */
    private static Map<Role, Map<String, Long>> counters(Cell cell) {
        Map<Role, Map<String, Long>> moved = new EnumMap<>(Role.class);
        for (Role role : Role.values()) {
            try {
                moved.put(role, Counting.moved(cell.host(role).counters()));
            } catch (EvidenceMissing | KernelException e) {
                // An expectation that needs them says why they are missing.
            }
        }
        return moved;
    }

    private TimelineSampler sampler(Cell cell) {
        listener.opened(run, arm, cell);
        return new TimelineSampler(cell, sample -> listener.sampled(run, arm, sample));
    }

    private CellPlan plan() {
        CellPlan plan = arm == Arm.FAULT ? run.faultCell() : run.controlCell();
        plan = artifacts.trace().isPresent() ? plan.withTransitions() : plan;
        return artifacts.capture(run, arm).isPresent() ? plan.withCapture() : plan;
    }

    private Judge.ArmEvidence steps(Trial trial) throws InterruptedException {
        String problem = "";
        try {
            run.experiment().run(trial);
        } catch (EvidenceMissing | KernelException e) {
            problem = String.valueOf(e.getMessage());
        }
        return new Judge.ArmEvidence(trial.observations(), problem);
    }

    private Map<Role, Map<String, String>> effectiveSysctls(Cell cell) {
        Map<Role, Map<String, String>> effective = new EnumMap<>(Role.class);
        for (Role role : Role.values()) {
            effective.put(role, effectiveSysctls(role, cell));
        }
        return effective;
    }

    private Map<String, String> effectiveSysctls(Role role, Cell cell) {
        Map<String, String> values = new TreeMap<>();
        try {
            plan().settings(role)
                    .keySet()
                    .forEach(name -> values.put(name, cell.host(role).sysctl(name)));
        } catch (EvidenceMissing gone) {
            // The host is lost, and the cell says so.
        }
        return values;
    }

    static Map<String, Measurement> withPeaks(Map<String, Measurement> measurements, Timeline timeline) {
        Map<String, Measurement> all = new LinkedHashMap<>(measurements);
        for (Role role : Role.values()) {
            timeline.states(role)
                    .forEach(state -> all.put(
                            role.label() + "." + state.label() + ".peak",
                            new Measurement(timeline.peak(role, state), "sockets")));
        }
        return all;
    }
}
