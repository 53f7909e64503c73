package io.tcplab.report;

import io.tcplab.compare.run.Sample;
import io.tcplab.compare.statistics.Summary;
import io.tcplab.compare.verdict.Amounts;
import io.tcplab.compare.verdict.ComparisonResult;
import io.tcplab.compare.verdict.MeasureResult;
import io.tcplab.compare.verdict.SettingResult;
import io.tcplab.experiments.Measure;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/**
 * One measure under each setting: a dot a trial, with the median and its interval, all on one scale that begins at 0.
 *
 * @param least the scale's beginning, with its unit
 * @param most the scale's end, with its unit
 */
record DotPlot(String title, List<Row> rows, String least, String most) {
    /** Room for half a dot at both ends. */
    private static final double MARGIN = 2;

    /**
     * A setting. Positions are parts of the width, such as {@code 12.5%}.
     *
     * @param known whether it has any figure that the scale can show
     * @param words the same in words
     */
    record Row(String label, boolean known, List<String> dots, String low, String median, String high, String words) {}

    static DotPlot of(ComparisonResult comparison, MeasureResult result) {
        double most =
                values(comparison.samples().stream(), result.measure()).max().orElse(0);
        return new DotPlot(
                result.measure().name() + ": " + ComparePhrases.meaning(result),
                comparison.settings().stream()
                        .map(setting -> row(comparison, result, setting, most))
                        .toList(),
                "0",
                Amounts.text(most, result.measure().unit()));
    }

    private static Row row(ComparisonResult comparison, MeasureResult result, SettingResult setting, double most) {
        Stream<Sample> own = comparison.samples().stream().filter(sample -> sample.setting() == setting.number());
        List<String> dots =
                values(own, result.measure()).mapToObj(value -> at(value, most)).toList();
        Optional<Summary> summary = result.summaries().get(setting.number() - 1).filter(DotPlot::finite);
        String words = Stream.of(
                        ComparePhrases.figuresWithUnit(result, setting.number()),
                        ComparePhrases.words(result, setting.number()))
                .filter(text -> !text.isEmpty())
                .reduce((one, other) -> one + ": " + other)
                .orElse("-");
        return new Row(
                setting.label(),
                !dots.isEmpty() && summary.isPresent(),
                dots,
                summary.map(each -> at(each.interval().low(), most)).orElse(""),
                summary.map(each -> at(each.median(), most)).orElse(""),
                summary.map(each -> at(each.interval().high(), most)).orElse(""),
                words);
    }

    private static boolean finite(Summary summary) {
        return Double.isFinite(summary.median())
                && Double.isFinite(summary.interval().low())
                && Double.isFinite(summary.interval().high());
    }

    /** What never happened has no place on a scale. */
    private static DoubleStream values(Stream<Sample> samples, Measure measure) {
        return samples.flatMapToDouble(sample -> sample.value(measure).stream()).filter(Double::isFinite);
    }

    private static String at(double value, double most) {
        double share = most == 0 ? 0 : value / most;
        return String.format(Locale.ROOT, "%.2f%%", MARGIN + share * (100 - 2 * MARGIN));
    }
}
