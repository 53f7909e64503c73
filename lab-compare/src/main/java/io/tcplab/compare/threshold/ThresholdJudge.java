package io.tcplab.compare.threshold;

import io.tcplab.compare.threshold.ThresholdResult.Outcome;
import io.tcplab.experiments.Measure;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** Holds a threshold against what was measured. Pure. */
public final class ThresholdJudge {
    private ThresholdJudge() {}

    /**
     * What a measure came to under one setting.
     *
     * @param values of the trials that count
     * @param lost why the others don't, one for each
     */
    public record Trials(String setting, List<Double> values, List<String> lost) {
        /** Copies the lists. */
        public Trials {
            values = List.copyOf(values);
            lost = List.copyOf(lost);
        }

        private double[] figures(Statistic statistic) {
            return statistic.of(values.stream().mapToDouble(value -> value).toArray());
        }
    }

    /** Judges a threshold for one experiment, whose measure it is about. */
    public static ThresholdResult judge(
            Threshold threshold, String experiment, Measure measure, List<Trials> settings) {
        List<String> breaches = new ArrayList<>();
        List<String> unknown = new ArrayList<>();
        List<Trials> meant = settings.stream()
                .filter(each -> threshold.isFor(each.setting()))
                .toList();
        for (Trials trials : meant) {
            if (trials.values().isEmpty()) {
                unknown.add(trials.setting() + ": no trial measured it" + reasons(trials.lost()));
            } else if (Arrays.stream(trials.figures(threshold.statistic()))
                    .anyMatch(figure -> threshold.operator().holds(figure, threshold.bound()))) {
                breaches.add(trials.setting() + ": " + figures(threshold, trials) + " " + measure.unit());
            }
        }
        if (meant.isEmpty()) {
            unknown.add("no such setting was run");
        }
        Outcome outcome =
                !breaches.isEmpty() ? Outcome.BROKEN : unknown.isEmpty() ? Outcome.HELD : Outcome.INCONCLUSIVE;
        List<String> reasons = outcome == Outcome.BROKEN ? breaches : unknown;
        return new ThresholdResult(threshold, experiment, outcome, String.join("; ", reasons));
    }

    /** The figure that is compared; of trials by themselves, those that break it, each once. */
    private static String figures(Threshold threshold, Trials trials) {
        return Arrays.stream(trials.figures(threshold.statistic()))
                .filter(figure -> threshold.operator().holds(figure, threshold.bound()))
                .sorted()
                .distinct()
                .mapToObj(ThresholdJudge::text)
                .collect(Collectors.joining(", "));
    }

    private static String text(double figure) {
        return Double.isFinite(figure)
                ? BigDecimal.valueOf(figure).stripTrailingZeros().toPlainString()
                : "∞"; // it never happened
    }

    private static String reasons(List<String> lost) {
        return lost.isEmpty() ? "" : " (" + lost.stream().distinct().collect(Collectors.joining("; ")) + ")";
    }
}
