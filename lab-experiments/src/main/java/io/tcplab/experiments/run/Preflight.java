package io.tcplab.experiments.run;

import io.tcplab.experiments.Experiment;
import io.tcplab.experiments.Knob;
import io.tcplab.experiments.KnobValues;
import io.tcplab.experiments.Role;
import io.tcplab.experiments.SocketNeed;
import io.tcplab.experiments.UsageException;
import io.tcplab.experiments.cell.Capacity;
import io.tcplab.experiments.cell.CellPlan;
import io.tcplab.experiments.cell.Sandbox;
import io.tcplab.kernel.limits.FdLimit;
import io.tcplab.transport.Choices;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;

/** Everything that can be known to be wrong before anything starts. */
public final class Preflight {
    private Preflight() {}

    /**
     * Checks a request.
     *
     * @return its runs, in the order in which they are to start
     * @throws UsageException if anything in it can't be done as asked; the message names all of what is wrong with the
     *     first thing that is
     */
    public static List<PreparedRun> prepare(RunRequest request) {
        request.sandbox().unavailable().ifPresent(reason -> {
            throw new UsageException(reason);
        });
        checkKnobNames(request);
        checkSysctls(request.sandbox(), request.sysctls());
        int arms = request.withoutFault() ? 1 : 2;
        List<PreparedRun> runs = new ArrayList<>();
        for (int trial = 1; trial <= request.trials(); trial++) {
            for (Experiment experiment : request.experiments()) {
                runs.add(prepare(request, experiment, trial, arms));
            }
        }
        Collections.shuffle(runs, new Random(request.seed()));
        return List.copyOf(runs);
    }

    /**
     * Checks a run of one experiment for what it measures: with the fault, and without a control; see {@link Measuring}.
     *
     * @param request for one experiment; its trials and its seed say nothing here
     * @throws UsageException as {@link #prepare(RunRequest)}
     */
    public static PreparedRun prepareToMeasure(RunRequest request) {
        checkKnobNames(request);
        checkSysctls(request.sandbox(), request.sysctls());
        return prepare(request, request.experiments().getFirst(), 1, 1);
    }

    private static PreparedRun prepare(RunRequest request, Experiment experiment, int trial, int arms) {
        String name = experiment.story().name();
        KnobValues knobs = knobs(experiment, request.settings());
        CellPlan withFault = override(experiment.cell(knobs, true), request.sysctls());
        CellPlan withoutFault = override(experiment.cell(knobs, false), request.sysctls());
        CellPlan fault = request.withoutFault() ? withoutFault : withFault;
        int descriptors = descriptors(
                name, experiment.sockets(knobs), knobs, arms, request.sandbox().capacity());
        Optional<String> obstacle =
                request.sandbox().obstacle(fault).or(() -> request.sandbox().obstacle(withoutFault));
        return new PreparedRun(
                experiment, trial, knobs, fault, withoutFault, request.withoutFault(), descriptors, obstacle);
    }

    private static CellPlan override(CellPlan plan, Map<Role, Map<String, String>> sysctls) {
        CellPlan result = plan;
        for (Role role : Role.values()) {
            for (var sysctl : sysctls.getOrDefault(role, Map.of()).entrySet()) {
                result = result.with(role, sysctl.getKey(), sysctl.getValue());
            }
        }
        return result;
    }

    /** What a run takes of descriptors that all runs share; refuses one that can't have what it needs. */
    private static int descriptors(String name, SocketNeed need, KnobValues knobs, int arms, Capacity capacity) {
        long free = capacity.descriptors();
        int sharing = capacity.shared() ? arms : 1;
        long wanted = need.with(knobs) * sharing;
        if (wanted > free) {
            String remedy = need.knob()
                    .map(knob -> "The largest that fits is --set %s=%d (not %s). "
                            .formatted(knob.name(), need.largest(free / sharing), knobs.get(knob)))
                    .orElse("");
            throw new UsageException("%s opens %,d file descriptors; %s. %s%s"
                    .formatted(name, wanted, limit(capacity), remedy, raising(capacity))
                    .strip());
        }
        return capacity.shared() ? (int) wanted : 0;
    }

    private static String limit(Capacity capacity) {
        return capacity.shared()
                ? "this process may open %,d (limit %,d, %d kept in reserve)"
                        .formatted(capacity.descriptors(), FdLimit.current().soft(), Capacity.RESERVE)
                : "each host of this sandbox may open %,d".formatted(capacity.descriptors());
    }

    private static String raising(Capacity capacity) {
        return capacity.shared()
                ? "`ulimit -n` raises the limit up to its hard one, %,d."
                        .formatted(FdLimit.current().hard())
                : "";
    }

    /** The experiment's knobs, as the settings that it has knobs for say. */
    static KnobValues knobs(Experiment experiment, Map<String, String> settings) {
        Map<String, String> own = new LinkedHashMap<>();
        for (Knob<?> knob : experiment.knobs()) {
            String text = settings.get(knob.name());
            if (text != null) {
                own.put(knob.name(), text);
            }
        }
        return KnobValues.of(experiment.story().name(), experiment.knobs(), own);
    }

    private static void checkKnobNames(RunRequest request) {
        var known = new TreeSet<String>();
        request.experiments().forEach(e -> e.knobs().forEach(knob -> known.add(knob.name())));
        request.settings().keySet().stream()
                .filter(name -> !known.contains(name))
                .findFirst()
                .ifPresent(name -> {
                    throw UsageException.from(Choices.unknown("knob", name, known));
                });
    }

    private static void checkSysctls(Sandbox sandbox, Map<Role, Map<String, String>> sysctls) {
        List<String> problems = sysctls.values().stream()
                .flatMap(map -> map.entrySet().stream())
                .flatMap(entry -> sandbox.sysctlProblem(entry.getKey(), entry.getValue()).stream())
                .distinct()
                .toList();
        if (!problems.isEmpty()) {
            throw new UsageException(String.join(System.lineSeparator(), problems));
        }
    }
}
