package io.tcplab.compare.threshold;

import io.tcplab.compare.run.Sample;
import io.tcplab.compare.threshold.ThresholdJudge.Trials;
import io.tcplab.compare.threshold.ThresholdResult.Outcome;
import io.tcplab.compare.verdict.ComparisonResult;
import io.tcplab.compare.verdict.MeasureResult;
import io.tcplab.compare.verdict.SettingResult;
import io.tcplab.experiments.Measure;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/** Holds thresholds against comparisons. */
public final class Thresholds {
    private Thresholds() {}

    /** A result for each threshold and each comparison that it is for. */
    public static List<ThresholdResult> judge(List<Threshold> thresholds, List<ComparisonResult> comparisons) {
        return thresholds.stream()
                .flatMap(threshold -> judge(threshold, comparisons).stream())
                .toList();
    }

    private static List<ThresholdResult> judge(Threshold threshold, List<ComparisonResult> comparisons) {
        List<ThresholdResult> results = comparisons.stream()
                .filter(comparison -> threshold.isForExperiment(comparison.experiment()))
                .flatMap(comparison -> comparison.measures().stream()
                        .map(MeasureResult::measure)
                        .filter(measure -> measure.name().equals(threshold.measure()))
                        .map(measure -> judge(threshold, measure, comparison)))
                .toList();
        return results.isEmpty()
                ? List.of(new ThresholdResult(
                        threshold,
                        threshold.experiment(),
                        Outcome.INCONCLUSIVE,
                        "no experiment that measures it" + " was run"))
                : results;
    }

    private static ThresholdResult judge(Threshold threshold, Measure measure, ComparisonResult comparison) {
        List<Trials> settings = comparison.settings().stream()
                .map(setting -> trials(setting, measure, comparison.samples()))
                .toList();
        return ThresholdJudge.judge(threshold, comparison.experiment(), measure, settings);
    }

    private static Trials trials(SettingResult setting, Measure measure, List<Sample> samples) {
        List<Double> values = samples.stream()
                .filter(sample -> sample.setting() == setting.number())
                .sorted(Comparator.comparingInt(Sample::trial))
                .map(sample -> sample.value(measure))
                .filter(OptionalDouble::isPresent)
                .map(OptionalDouble::getAsDouble)
                .toList();
        return new Trials(setting.label(), values, lost(setting, measure, samples));
    }

    /** Why there is nothing: trials were dropped, or the sandbox couldn't have this measure. */
    private static List<String> lost(SettingResult setting, Measure measure, List<Sample> samples) {
        Stream<String> unmeasured = samples.stream()
                .filter(sample -> sample.setting() == setting.number())
                .map(sample -> sample.run().unmeasured().getOrDefault(measure.name(), ""))
                .filter(reason -> !reason.isEmpty());
        return Stream.concat(setting.dropped().stream(), unmeasured).toList();
    }
}
