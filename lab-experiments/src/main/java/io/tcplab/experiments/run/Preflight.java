package io.tcplab.experiments.run;

import io.tcplab.experiments.Experiment;
import io.tcplab.experiments.Knob;
import io.tcplab.experiments.KnobValues;
import io.tcplab.experiments.Role;
import io.tcplab.experiments.SocketNeed;
import io.tcplab.experiments.UsageException;
import io.tcplab.experiments.cell.CellPlan;
import io.tcplab.kernel.limits.FdLimit;
import io.tcplab.kernel.sysctl.Sysctls;
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
    /** Descriptors that no run may take: jars, netlink sockets, event loops, what a JVM opens on its own. */
    static final int RESERVE = 500;

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
        checkSysctls(request.sysctls());
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
        checkSysctls(request.sysctls());
        return prepare(request, request.experiments().getFirst(), 1, 1);
    }

    private static PreparedRun prepare(RunRequest request, Experiment experiment, int trial, int arms) {
        String name = experiment.story().name();
        KnobValues knobs = KnobValues.of(name, experiment.knobs(), settingsFor(experiment, request.settings()));
        CellPlan withFault = override(experiment.cell(knobs, true), request.sysctls());
        CellPlan withoutFault = override(experiment.cell(knobs, false), request.sysctls());
        CellPlan fault = request.withoutFault() ? withoutFault : withFault;
        int descriptors = descriptors(name, experiment.sockets(knobs), knobs, arms);
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

    private static int descriptors(String name, SocketNeed need, KnobValues knobs, int arms) {
        long free = available();
        long wanted = need.with(knobs) * arms;
        if (wanted <= free) {
            return (int) wanted;
        }
        String remedy = need.knob()
                .map(knob -> "The largest that fits is --set %s=%d (not %s); "
                        .formatted(knob.name(), need.largest(free / arms), knobs.get(knob)))
                .orElse("");
        throw new UsageException(
                "%s opens %,d file descriptors; this process may open %,d (limit %,d, %d kept in reserve). %s`ulimit -n` raises the limit up to its hard one, %,d."
                        .formatted(
                                name,
                                wanted,
                                free,
                                FdLimit.current().soft(),
                                RESERVE,
                                remedy,
                                FdLimit.current().hard()));
    }

    /** How many descriptors all runs together may take. */
    public static long available() {
        return Math.max(0, FdLimit.current().soft() - RESERVE);
    }

    private static Map<String, String> settingsFor(Experiment experiment, Map<String, String> settings) {
        Map<String, String> own = new LinkedHashMap<>();
        for (Knob<?> knob : experiment.knobs()) {
            String text = settings.get(knob.name());
            if (text != null) {
                own.put(knob.name(), text);
            }
        }
        return own;
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

    private static void checkSysctls(Map<Role, Map<String, String>> sysctls) {
        List<String> problems = sysctls.values().stream()
                .flatMap(map -> map.entrySet().stream())
                .flatMap(entry -> Sysctls.problem(entry.getKey(), entry.getValue()).stream())
                .distinct()
                .toList();
        if (!problems.isEmpty()) {
            throw new UsageException(String.join(System.lineSeparator(), problems));
        }
    }
}
