package io.tcplab.report;

import io.tcplab.compare.threshold.ThresholdResult;
import io.tcplab.compare.threshold.ThresholdResult.Outcome;
import java.util.List;
import picocli.CommandLine.Help.Ansi.IStyle;
import picocli.CommandLine.Help.Ansi.Style;
import picocli.CommandLine.Help.ColorScheme;

/** What became of thresholds, a line each. */
public final class ThresholdText {
    private ThresholdText() {}

    /** {@code threshold broken: client.EADDRNOTAVAIL > 0: port-exhaustion: tcp_tw_reuse=0: 64 connections}. */
    public static List<String> lines(List<ThresholdResult> results, ColorScheme colours) {
        return results.stream()
                .map(result -> "threshold "
                        + colours.apply(result.outcome().label(), List.of(colour(result.outcome()), Style.bold)) + ": "
                        + result.threshold().text() + reason(result))
                .toList();
    }

    /** Where and why, with a colon before each. */
    static String reason(ThresholdResult result) {
        String where = result.experiment().isEmpty() ? "" : ": " + result.experiment();
        return where + (result.reason().isEmpty() ? "" : ": " + result.reason());
    }

    private static IStyle colour(Outcome outcome) {
        return switch (outcome) {
            case HELD -> Style.fg_green;
            case BROKEN -> Style.fg_red;
            case INCONCLUSIVE -> Style.fg_yellow;
        };
    }
}
