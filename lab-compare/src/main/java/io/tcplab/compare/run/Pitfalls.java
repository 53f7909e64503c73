package io.tcplab.compare.run;

import io.tcplab.experiments.Experiment;
import io.tcplab.experiments.KnobValues;
import io.tcplab.experiments.Role;
import io.tcplab.experiments.cell.CellPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;

/** What may mislead where settings get in the way of the experiment's own sysctls. */
final class Pitfalls {
    private final Experiment experiment;
    private final List<PlannedSetting> settings;

    private Pitfalls(Experiment experiment, List<PlannedSetting> settings) {
        this.experiment = experiment;
        this.settings = settings;
    }

    static List<String> of(Experiment experiment, List<PlannedSetting> settings) {
        return new Pitfalls(experiment, settings).notes();
    }

    private List<String> notes() {
        List<String> notes = new ArrayList<>();
        for (Role role : Role.values()) {
            TreeSet<String> names = new TreeSet<>();
            settings.forEach(planned -> names.addAll(asked(planned, role).keySet()));
            names.forEach(name -> Stream.of(mootFault(role, name), halfAsked(role, name))
                    .flatMap(Optional::stream)
                    .forEach(notes::add));
        }
        return notes;
    }

    /** Where the fault is itself a sysctl that is varied, settings decide whether there is one. */
    private Optional<String> mootFault(Role role, String name) {
        boolean isFault = settings.stream()
                .filter(planned -> asked(planned, role).containsKey(name))
                .anyMatch(planned -> !own(planned, role, name, true).equals(own(planned, role, name, false)));
        return isFault
                ? Optional.of(
                        "%s on the %s is this experiment's own fault (%s): here each setting decides whether the fault is present"
                                .formatted(
                                        name, role.label(), experiment.story().fault()))
                : Optional.empty();
    }

    /** A profile may set what the experiment sets for its purposes, and another one not. */
    private Optional<String> halfAsked(Role role, String name) {
        return settings.stream()
                .filter(planned -> !asked(planned, role).containsKey(name))
                .filter(planned -> !own(planned, role, name, true).isEmpty())
                .findFirst()
                .map(planned ->
                        "%s on the %s: %s doesn't set it, so it is %s, the value of %s; another setting has another value. Set it for all with --sysctl %s:%s=…"
                                .formatted(
                                        name,
                                        role.label(),
                                        planned.setting().label(),
                                        own(planned, role, name, true),
                                        experiment.story().name(),
                                        role.label(),
                                        name));
    }

    private static Map<String, String> asked(PlannedSetting planned, Role role) {
        return planned.setting().change().sysctls().getOrDefault(role, Map.of());
    }

    /** What the experiment would set; empty for nothing. */
    private String own(PlannedSetting planned, Role role, String name, boolean faulty) {
        KnobValues knobs = planned.run().knobs();
        CellPlan plan = experiment.cell(knobs, faulty);
        return plan.sysctls().getOrDefault(role, Map.of()).getOrDefault(name, "");
    }
}
