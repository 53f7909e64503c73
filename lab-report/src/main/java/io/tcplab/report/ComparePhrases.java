package io.tcplab.report;

import static java.util.stream.Collectors.joining;

import io.tcplab.compare.statistics.Summary;
import io.tcplab.compare.verdict.Amounts;
import io.tcplab.compare.verdict.ComparisonResult;
import io.tcplab.compare.verdict.MeasureResult;
import io.tcplab.compare.verdict.Reason;
import io.tcplab.compare.verdict.SettingResult;
import io.tcplab.compare.verdict.SysctlDifference;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The same words for the same things in each report of a comparison. */
final class ComparePhrases {
    private static final int FEWEST_FOR_ALWAYS = 3;

    private ComparePhrases() {}

    /** {@code time-wait-storm: 3 settings, 5 trials each, one at a time, in 88.2 s (seed 421)}. */
    static String headline(ComparisonResult comparison) {
        return String.format(
                Locale.ROOT,
                "%s: %d settings, %d trials each, %s%s, in %s (seed %d)",
                comparison.experiment(),
                comparison.settings().size(),
                comparison.trials(),
                comparison.jobs() == 1 ? "one at a time" : "side by side",
                on(comparison.nodes().size()),
                Figures.seconds(comparison.seconds()),
                comparison.seed());
    }

    private static String on(int machines) {
        return switch (machines) {
            case 0 -> "";
            case 1 -> " on 1 machine";
            default -> " on " + machines + " machines";
        };
    }

    /** {@code connects that failed since there was no port; connections, lower is better}. */
    static String meaning(MeasureResult result) {
        String better = switch (result.measure().better()) {
            case LOWER -> ", lower is better";
            case HIGHER -> ", higher is better";
            case NEITHER -> "";
        };
        return result.measure().meaning() + "; " + result.measure().unit() + better;
    }

    /** {@code 2,000 always}; {@code 12.3 [11.8, 14]}; a dash where nothing was measured. */
    static String figures(MeasureResult result, int setting) {
        return figures(result, setting, Amounts::bare);
    }

    /** The same with the unit: {@code 2,000 sockets always}. */
    static String figuresWithUnit(MeasureResult result, int setting) {
        return figures(result, setting, Amounts::text);
    }

    private static String figures(MeasureResult result, int setting, AmountText text) {
        String unit = result.measure().unit();
        return result.summaries()
                .get(setting - 1)
                .map(summary -> figures(summary, text.of(summary.median(), unit), unit))
                .orElse("-");
    }

    @FunctionalInterface
    private interface AmountText {
        String of(double value, String unit);
    }

    /** What the baseline is, and what a setting does against it. */
    static String words(MeasureResult result, int setting) {
        return setting == 1 ? "" : result.findings().get(setting - 2).words();
    }

    /** Those measures in which there is something to see. */
    static List<MeasureResult> telling(ComparisonResult comparison) {
        return comparison.measures().stream()
                .filter(result -> !result.isNothing())
                .toList();
    }

    /** Names of the others; empty if there are none. */
    static String nothing(ComparisonResult comparison) {
        return comparison.measures().stream()
                .filter(MeasureResult::isNothing)
                .map(result -> result.measure().name())
                .collect(joining(", "));
    }

    /** {@code client net.ipv4.tcp_tw_reuse: 0, 1, 2}. */
    static String values(SysctlDifference difference) {
        return "%s %s: %s"
                .formatted(
                        difference.host().label(),
                        difference.name(),
                        difference.values().stream()
                                .map(value -> value.isEmpty() ? "-" : value.replaceAll("\\s+", " "))
                                .collect(joining(", ")));
    }

    /** The sentence, and where there is more. */
    static String reason(Reason reason) {
        String more = reason.claims().isEmpty()
                ? ""
                : " See "
                        + (reason.claims().size() == 1 ? "claim " : "claims ")
                        + reason.claims().stream().map(String::valueOf).collect(joining(", "))
                        + ".";
        return (reason.expected() ? "" : "The figures contradict the known effect: ") + reason.sentence() + more;
    }

    /** What became of the runs, beside the figures: verdicts, repeats, what was dropped. */
    static List<String> runs(ComparisonResult comparison) {
        return comparison.settings().stream()
                .flatMap(setting -> Stream.of(verdicts(comparison, setting), dropped(comparison, setting))
                        .flatMap(Optional::stream))
                .toList();
    }

    /** {@code node-a (Linux 6.18.44): 3 trials of each setting}; why runs are missing, if some are. */
    static List<String> machines(ComparisonResult comparison) {
        int settings = comparison.settings().size();
        return comparison.nodes().stream()
                .map(node -> "%s%s: %d trials of each setting%s%s"
                        .formatted(
                                node.name(),
                                node.kernel().isEmpty() ? "" : " (Linux " + node.kernel() + ")",
                                node.planned(),
                                node.ended() == settings * node.planned()
                                        ? ""
                                        : ", of which %d of %d runs ended"
                                                .formatted(node.ended(), settings * node.planned()),
                                node.problem().isEmpty() ? "" : "; partial: " + node.problem()))
                .toList();
    }

    private static String figures(Summary summary, String median, String unit) {
        if (summary.constant()) {
            return summary.count() < FEWEST_FOR_ALWAYS ? median : median + " always";
        }
        return "%s [%s, %s]"
                .formatted(
                        median,
                        Amounts.bare(summary.interval().low(), unit),
                        Amounts.bare(summary.interval().high(), unit));
    }

    private static Optional<String> verdicts(ComparisonResult comparison, SettingResult setting) {
        if (setting.verdicts().isEmpty()) {
            return Optional.empty();
        }
        return Optional.of("%s: what %s expects was %s"
                .formatted(
                        setting.label(),
                        comparison.experiment(),
                        setting.verdicts().entrySet().stream()
                                .sorted(Map.Entry.comparingByKey())
                                .map(verdict -> verdict.getKey().label() + " in " + verdict.getValue())
                                .collect(joining(", "))));
    }

    private static Optional<String> dropped(ComparisonResult comparison, SettingResult setting) {
        int missing = comparison.trials() - setting.kept() - setting.dropped().size();
        if (setting.dropped().isEmpty() && setting.repeated() == 0 && missing <= 0) {
            return Optional.empty();
        }
        String reasons = setting.dropped().stream().distinct().collect(joining("; "));
        return Optional.of(String.format(
                Locale.ROOT,
                "%s: %d of %d trials count%s%s",
                setting.label(),
                setting.kept(),
                comparison.trials(),
                setting.repeated() == 0 ? "" : ", after " + setting.repeated() + " repeats",
                reasons.isEmpty() ? "" : ": " + reasons));
    }
}
