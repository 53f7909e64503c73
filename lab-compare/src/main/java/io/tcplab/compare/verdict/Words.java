package io.tcplab.compare.verdict;

import io.tcplab.compare.statistics.Contrast;
import io.tcplab.compare.statistics.Trials;

/** Findings as sentences. */
final class Words {
    private Words() {}

    /** {@code no effect, exactly: always 60 s}; {@code large, better: 0 connections instead of 2,000, always}. */
    static String fact(Effect effect, Sense sense, Contrast contrast, String unit) {
        String value = Amounts.text(contrast.median(), unit);
        return effect.isThere()
                ? "%s: %s instead of %s, always"
                        .formatted(title(effect, sense), value, Amounts.bare(contrast.baseline(), unit))
                : "no effect, exactly: always " + value;
    }

    /** {@code small, worse: 12 ms instead of 10 (p 0.008, δ 0.8)}; {@code no effect (p 0.42)}. */
    static String tested(Effect effect, Sense sense, Contrast contrast, double p, String unit) {
        return effect.isThere()
                ? "%s: %s instead of %s (p\u00a0%s, δ\u00a0%s)"
                        .formatted(
                                title(effect, sense),
                                Amounts.text(contrast.median(), unit),
                                Amounts.bare(contrast.baseline(), unit),
                                Amounts.chance(p),
                                Amounts.text(contrast.delta()))
                : "%s (p\u00a0%s)".formatted(effect.label(), Amounts.chance(p));
    }

    /** {@code too few trials to tell: 3 against 3, whose p is 0.1 at least, and 4 tests}. */
    static String tooFew(int baseline, int values, double leastP, double p, int tests) {
        String bound = Effect.TOO_FEW_TRIALS.label() + ": " + values + " against " + baseline;
        String among = tests == 1 ? "" : ", for one of " + tests + " tests";
        return Trials.canTell(leastP, tests)
                ? bound + ", apart, but p is " + Amounts.chance(p)
                : bound + ", so p is " + Amounts.chance(leastP) + " at least" + among;
    }

    private static String title(Effect effect, Sense sense) {
        return effect.label() + ", " + sense.label();
    }
}
