package io.tcplab.experiments.run;

import io.tcplab.experiments.Experiment;
import io.tcplab.experiments.KnobValues;
import io.tcplab.experiments.Role;
import io.tcplab.experiments.cell.CellPlan;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Where a request's sysctls take the place of an experiment's own, its verdict may be about something else. */
public final class Replacements {
    private static final String DEFAULT = "the kernel's default";

    private Replacements() {}

    /** A sentence for each; none where the values are the same. */
    public static List<String> of(RunRequest request) {
        return request.experiments().stream()
                .flatMap(experiment -> Arrays.stream(Role.values()).flatMap(role -> ofHost(request, experiment, role)))
                .toList();
    }

    private static Stream<String> ofHost(RunRequest request, Experiment experiment, Role role) {
        KnobValues knobs = Preflight.knobs(experiment, request.settings());
        Map<String, String> fault = own(experiment.cell(knobs, true), role);
        Map<String, String> control = own(experiment.cell(knobs, false), role);
        return new TreeMap<>(request.sysctls().getOrDefault(role, Map.of()))
                .entrySet().stream()
                        .flatMap(asked -> own(fault, control, asked.getKey(), asked.getValue()).stream()
                                .map(own -> "%s sets %s on the %s to %s; this run uses %s"
                                        .formatted(
                                                experiment.story().name(),
                                                asked.getKey(),
                                                role.label(),
                                                own,
                                                asked.getValue())));
    }

    private static Map<String, String> own(CellPlan plan, Role role) {
        return plan.sysctls().getOrDefault(role, Map.of());
    }

    /** What the experiment would set, in words; empty if nothing, or what is asked for. */
    private static Optional<String> own(
            Map<String, String> fault, Map<String, String> control, String name, String asked) {
        String with = fault.getOrDefault(name, DEFAULT);
        String without = control.getOrDefault(name, DEFAULT);
        if (with.equals(without)) {
            return with.equals(DEFAULT) || with.equals(asked) ? Optional.empty() : Optional.of(with);
        }
        return Optional.of("%s, and its control %s".formatted(with, without));
    }
}
