package io.tcplab.compare.threshold;

import io.tcplab.experiments.Experiment;
import io.tcplab.experiments.Measure;
import io.tcplab.kernel.Nearest;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What must not be: {@code client.EADDRNOTAVAIL > 0}.
 *
 * <pre>
 * [EXPERIMENT/]MEASURE OP NUMBER [UNIT] [in SETTING]      any trial breaks it
 * STATISTIC([EXPERIMENT/]MEASURE) OP NUMBER …             STATISTIC: median, max, min
 * </pre>
 *
 * @param text as it was written
 * @param statistic of the trials of a setting
 * @param experiment the only one it is for; empty for each that has the measure
 * @param measure by name
 * @param bound in the measure's unit
 * @param unit as written; empty if none was
 * @param setting the only one it is for, by its label or a level's; empty for all
 */
public record Threshold(
        String text,
        Statistic statistic,
        String experiment,
        String measure,
        Operator operator,
        double bound,
        String unit,
        String setting) {
    /**
     * Reads one.
     *
     * @throws ThresholdException saying where it can't be understood
     */
    public static Threshold parse(String text) {
        return new ThresholdParser(text).parse();
    }

    /** The measure that is meant, of one experiment; empty if this threshold isn't for it. */
    public Optional<Measure> of(Experiment candidate) {
        boolean isFor = isForExperiment(candidate.story().name());
        return candidate.measures().stream()
                .filter(known -> isFor && known.name().equals(measure))
                .findFirst();
    }

    /** Whether it applies to the experiment of that name. */
    boolean isForExperiment(String name) {
        return experiment.isEmpty() || experiment.equals(name);
    }

    /**
     * Whether it is for a setting of this label: a label is one of each factor's levels, with commas between, and a level
     * may be named without its host.
     */
    public boolean isFor(String label) {
        return setting.isEmpty()
                || setting.equals(label)
                || Arrays.stream(label.split(", ", -1))
                        .anyMatch(level -> level.equals(setting) || level.endsWith(":" + setting));
    }

    /** What is wrong with it where these experiments run under settings of these labels; empty if nothing. */
    public Optional<String> problem(Collection<Experiment> experiments, Collection<String> labels) {
        return problemWithExperiment(experiments)
                .or(() -> problemWithMeasure(experiments))
                .or(() -> problemWithSetting(labels));
    }

    private Optional<String> problemWithExperiment(Collection<Experiment> experiments) {
        List<String> names =
                experiments.stream().map(each -> each.story().name()).toList();
        return experiment.isEmpty() || names.contains(experiment)
                ? Optional.empty()
                : Optional.of("%s isn't one of the experiments in this run (%s)%s"
                        .formatted(experiment, String.join(", ", names), Nearest.hint(experiment, names)));
    }

    private Optional<String> problemWithMeasure(Collection<Experiment> experiments) {
        List<Measure> meant =
                experiments.stream().flatMap(each -> of(each).stream()).toList();
        if (meant.isEmpty()) {
            List<String> known = experiments.stream()
                    .filter(each -> experiment.isEmpty()
                            || experiment.equals(each.story().name()))
                    .flatMap(each -> each.measures().stream())
                    .map(Measure::name)
                    .distinct()
                    .toList();
            String hint = Nearest.hint(measure, known);
            return Optional.of("unknown measure " + measure
                    + (hint.isEmpty() ? "; known ones are " + String.join(", ", known) : hint));
        }
        return meant.stream()
                .filter(each -> !unit.isEmpty() && !unit.equals(each.unit()))
                .findFirst()
                .map(each -> "%s is measured in %s, not %s".formatted(measure, each.unit(), unit));
    }

    private Optional<String> problemWithSetting(Collection<String> labels) {
        if (labels.stream().anyMatch(this::isFor)) {
            return Optional.empty();
        }
        List<String> known = labels.stream()
                .flatMap(label -> Stream.concat(Stream.of(label), Arrays.stream(label.split(", ", -1))))
                .distinct()
                .toList();
        String hint = Nearest.hint(setting, known);
        return Optional.of("unknown setting " + setting
                + (hint.isEmpty() ? "; known ones are " + String.join("; ", known) : hint));
    }
}
