package io.tcplab.compare.verdict;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;

import io.tcplab.compare.run.Plan;
import io.tcplab.compare.run.PlannedSetting;
import io.tcplab.compare.run.Sample;
import io.tcplab.experiments.Experiment;
import io.tcplab.experiments.Measure;
import io.tcplab.experiments.Role;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;

/** Makes a result of a plan and its samples. Pure: the same samples always get the same result. */
public final class Evaluation {
    private final Plan plan;
    private final List<Sample> samples;

    private Evaluation(Plan plan, List<Sample> samples) {
        this.plan = plan;
        this.samples = samples;
    }

    /** Of what was measured by the time it ended or was interrupted. */
    public static ComparisonResult of(Plan plan, List<Sample> samples, boolean interrupted, double seconds) {
        return new Evaluation(plan, samples).result(interrupted, seconds);
    }

    private ComparisonResult result(boolean interrupted, double seconds) {
        Experiment experiment = plan.design().experiment();
        List<MeasureResult> measures =
                Judge.judge(values(experiment), plan.design().seed());
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
                notes(experiment),
                samples);
    }

    private Map<Measure, List<double[]>> values(Experiment experiment) {
        Map<Measure, List<double[]>> values = new LinkedHashMap<>();
        for (Measure measure : experiment.measures()) {
            values.put(
                    measure,
                    plan.settings().stream()
                            .map(planned -> values(measure, planned.setting().number()))
                            .toList());
        }
        return values;
    }

    private double[] values(Measure measure, int setting) {
        return of(setting).stream()
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

    private List<String> notes(Experiment experiment) {
        Set<String> notes = new LinkedHashSet<>(plan.notes());
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
