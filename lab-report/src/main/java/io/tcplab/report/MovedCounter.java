package io.tcplab.report;

import io.tcplab.experiments.Role;
import io.tcplab.experiments.run.ArmFigures;
import io.tcplab.experiments.run.RunResult;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * A counter of TCP that moved in a run, on whichever host and in whichever arm.
 *
 * @param name as nstat(8) prints it
 * @param by each host whose counters could be read
 */
record MovedCounter(String name, Map<Role, Arms> by) {
    /** How far it went in each arm; empty if that couldn't be read, or there was no control. */
    record Arms(OptionalLong fault, OptionalLong control) {
        boolean differ() {
            return fault.isPresent() && control.isPresent() && fault.getAsLong() != control.getAsLong();
        }
    }

    /** Of a run: those that differ between the arms first, as they may have to do with the fault. */
    static List<MovedCounter> of(RunResult run) {
        Set<String> names = new TreeSet<>();
        Stream.of(run.fault(), run.control())
                .flatMap(figures -> figures.counters().values().stream())
                .forEach(moved -> names.addAll(moved.keySet()));
        return names.stream()
                .map(name -> new MovedCounter(name, arms(name, run)))
                .sorted(Comparator.comparing((MovedCounter counter) -> !counter.differs()))
                .toList();
    }

    boolean differs() {
        return by.values().stream().anyMatch(Arms::differ);
    }

    private static Map<Role, Arms> arms(String name, RunResult run) {
        Map<Role, Arms> arms = new EnumMap<>(Role.class);
        for (Role role : Role.values()) {
            OptionalLong fault = moved(name, role, run.fault());
            OptionalLong control = moved(name, role, run.control());
            if (fault.isPresent() || control.isPresent()) {
                arms.put(role, new Arms(fault, control));
            }
        }
        return arms;
    }

    private static OptionalLong moved(String name, Role role, ArmFigures figures) {
        Map<String, Long> all = figures.counters().get(role);
        return all == null ? OptionalLong.empty() : OptionalLong.of(all.getOrDefault(name, 0L));
    }
}
