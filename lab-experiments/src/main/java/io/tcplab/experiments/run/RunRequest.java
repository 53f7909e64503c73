package io.tcplab.experiments.run;

import io.tcplab.experiments.Experiment;
import io.tcplab.experiments.Role;
import io.tcplab.experiments.cell.Sandbox;
import java.util.List;
import java.util.Map;

/**
 * What the user asked for.
 *
 * @param settings knob name to text; each must be a knob of at least one of the experiments, and goes to those that have it
 * @param sysctls by host, name to value; they win over those of the experiment's cell, but not over what it
 *     sets between its steps
 * @param trials how often each experiment runs, 1 or more
 * @param withoutFault run the fault's arm without its fault, and no control: everything that decides must come out refuted
 * @param seed decides the order in which the trials start
 */
public record RunRequest(
        List<Experiment> experiments,
        Map<String, String> settings,
        Map<Role, Map<String, String>> sysctls,
        Sandbox sandbox,
        int trials,
        boolean withoutFault,
        long seed) {
    /** Copies the collections. */
    public RunRequest {
        experiments = List.copyOf(experiments);
        settings = Map.copyOf(settings);
        sysctls = Map.copyOf(sysctls);
    }
}
