package io.tcplab.compare.verdict;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;

import io.tcplab.compare.run.Plan;
import io.tcplab.compare.run.PlannedSetting;
import io.tcplab.compare.run.Sample;
import io.tcplab.compare.statistics.Blocks;
import io.tcplab.experiments.Experiment;
import io.tcplab.experiments.Measure;
import io.tcplab.experiments.Role;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;

/** Makes a result of a plan and its samples. Pure: the same samples always get the same result. */
public final class Evaluation {
    private final Plan plan;
    private final List<Sample> samples;
    private final List<NodeResult> nodes;

    private Evaluation(Plan plan, List<Sample> samples, List<NodeResult> nodes) {
        this.plan = plan;
        this.samples = samples;
        this.nodes = nodes;
    }

    /** Of what was measured by the time it ended or was interrupted. */
    public static ComparisonResult of(Plan plan, List<Sample> samples, boolean interrupted, double seconds) {
        return of(plan, samples, List.of(), interrupted, seconds);
    }

    /** The same of what a cluster's machines measured: settings are compared within each. */
    public static ComparisonResult of(
            Plan plan, List<Sample> samples, List<NodeResult> nodes, boolean interrupted, double seconds) {
        return new Evaluation(plan, samples, nodes).result(interrupted, seconds);
    }

    private ComparisonResult result(boolean interrupted, double seconds) {
        Experiment experiment = plan.design().experiment();
        Map<Measure, List<Blocks>> values = values(experiment);
        List<MeasureResult> measures = Judge.judge(values, plan.design().seed());
        List<SysctlDifference> differences = differences();
        return new ComparisonResult(
                experiment.story().name(),
                plan.bound(),
                plan.sideBySide(),
                plan.design().seed(),
                plan.trials(),
                interrupted,
                seconds,
                plan.settings().stream().map(this::setting).toList(),
                measures,
                differences,
                Reasons.of(differences, measures),
                notes(experiment, values),
                samples,
                nodes);
    }

    private Map<Measure, List<Blocks>> values(Experiment experiment) {
        Map<Measure, List<Blocks>> values = new LinkedHashMap<>();
        for (Measure measure : experiment.measures()) {
            values.put(
                    measure,
                    plan.settings().stream()
                            .map(planned -> values(measure, planned.setting().number()))
                            .toList());
        }
        return values;
    }

    private Blocks values(Measure measure, int setting) {
        return nodes.isEmpty()
                ? Blocks.of(values(measure, of(setting)))
                : new Blocks(nodes.stream()
                        .map(node -> of(setting).stream()
                                .filter(sample -> sample.node().equals(Optional.of(node.name())))
                                .toList())
                        .map(own -> values(measure, own))
                        .toList());
    }

    private static double[] values(Measure measure, List<Sample> samples) {
        return samples.stream()
                .sorted(Comparator.comparingInt(Sample::trial))
                .map(sample -> sample.value(measure))
                .filter(OptionalDouble::isPresent)
                .mapToDouble(OptionalDouble::getAsDouble)
                .toArray();
    }

    private List<Sample> of(int setting) {
        return samples.stream().filter(sample -> sample.setting() == setting).toList();
    }

    private SettingResult setting(PlannedSetting planned) {
        List<Sample> own = of(planned.setting().number());
        return new SettingResult(
                planned.setting().number(),
                planned.setting().label(),
                planned.sandbox().name(),
                planned.run().knobs().plain(),
                own.stream()
                        .filter(Sample::isKept)
                        .findFirst()
                        .map(sample -> sample.run().sysctls())
                        .orElse(Map.of()),
                own.stream()
                        .filter(Sample::isKept)
                        .flatMap(sample -> sample.run().verdict().stream())
                        .collect(groupingBy(verdict -> verdict, TreeMap::new, counting())),
                (int) own.stream().filter(Sample::isKept).count(),
                own.stream().mapToInt(sample -> sample.failed().size()).sum(),
                own.stream()
                        .filter(sample -> !sample.isKept())
                        .map(sample -> sample.run().problem())
                        .toList());
    }

    private List<SysctlDifference> differences() {
        List<SysctlDifference> differences = new ArrayList<>();
        for (Role role : Role.values()) {
            plan.watched().getOrDefault(role, Set.of()).stream().sorted().forEach(name -> {
                List<String> values = plan.settings().stream()
                        .map(planned -> effective(planned.setting().number(), role, name))
                        .toList();
                if (values.stream().filter(value -> !value.isEmpty()).distinct().count() > 1) {
                    differences.add(new SysctlDifference(role, name, values));
                }
            });
        }
        return differences;
    }

    /** The value at a host under a setting; runs with the same setting show the same value. */
    private String effective(int setting, Role role, String name) {
        return of(setting).stream()
                .filter(Sample::isKept)
                .findFirst()
                .map(sample ->
                        sample.run().sysctls().getOrDefault(role, Map.of()).getOrDefault(name, ""))
                .orElse("");
    }

    private List<String> notes(Experiment experiment, Map<Measure, List<Blocks>> values) {
        Set<String> notes = new LinkedHashSet<>(plan.notes());
        notes.addAll(NodeEffects.of(
                values,
                nodes.stream().map(NodeResult::name).toList(),
                plan.design().seed()));
        samples.stream()
                .sorted(Comparator.comparingInt(Sample::setting))
                .flatMap(sample -> sample.run().unmeasured().entrySet().stream())
                .map(unmeasured -> "%s has no samples: %s".formatted(unmeasured.getKey(), unmeasured.getValue()))
                .forEach(notes::add);
        for (PlannedSetting planned : plan.settings()) {
            for (Role role : Role.values()) {
                planned.setting().change().sysctls().getOrDefault(role, Map.of()).keySet().stream()
                        .map(name -> role.label() + " " + name)
                        .filter(name -> samples.stream()
                                .anyMatch(sample -> sample.run().changed().contains(name)))
                        .map(name -> "%s sets %s itself during the run: your value applies only until then"
                                .formatted(experiment.story().name(), name))
                        .forEach(notes::add);
            }
        }
        return List.copyOf(notes);
    }
}
