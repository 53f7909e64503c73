package io.tcplab.compare.verdict;

import io.tcplab.compare.statistics.Blocks;
import io.tcplab.compare.statistics.Contrast;
import io.tcplab.compare.statistics.Holm;
import io.tcplab.compare.statistics.Summary;
import io.tcplab.compare.statistics.Trials;
import io.tcplab.experiments.Measure;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SplittableRandom;

/**
 * Turns samples into findings. Pure: the same samples and the same seed always get the same.
 *
 * <p>A measure that never varies within two settings is a fact about them: equal or not, without a p-value. Any other one is
 * tested by Mann-Whitney against the baseline, with Holm's correction over all that are tested in the comparison. What was measured
 * on several machines is tested within each of them.
 */
public final class Judge {
    /** From |Cliff's delta| on it is large: Romano et al., 2006, as {@code effsize} has it. */
    private static final double LARGE_DELTA = 0.474;

    /** And the median must have moved by this much of itself, for a shift of nothing much can be perfectly regular. */
    private static final double LARGE_SHIFT = 0.1;

    /** This many values must be the same before they count as unvarying. */
    private static final int FEWEST_FOR_A_FACT = 3;

    private final List<Pair> pairs = new ArrayList<>();
    private final SplittableRandom random;

    /**
     * A setting's sample beside the baseline's.
     *
     * @param baseline how many values the baseline has on machines that have any of the setting
     * @param size how many values the setting has on machines that have any of the baseline
     * @param fact whether neither of them varies
     * @param contrast empty if no machine has values of both
     */
    private record Pair(
            Measure measure, int setting, int baseline, int size, boolean fact, Optional<Contrast> contrast) {
        boolean needsTest() {
            return contrast.isPresent() && !fact;
        }
    }

    private Judge(long seed) {
        random = new SplittableRandom(seed);
    }

    /**
     * Judges.
     *
     * @param samples of each measure, by setting, the baseline's first, each in the same blocks; an empty one where nothing was measured
     */
    public static List<MeasureResult> judge(Map<Measure, List<Blocks>> samples, long seed) {
        return new Judge(seed).results(samples);
    }

    private List<MeasureResult> results(Map<Measure, List<Blocks>> samples) {
        samples.forEach((measure, bySetting) -> {
            for (int i = 1; i < bySetting.size(); i++) {
                pairs.add(pair(measure, i + 1, bySetting.getFirst(), bySetting.get(i)));
            }
        });
        List<Finding> findings = findings();
        return samples.entrySet().stream()
                .map(entry -> new MeasureResult(
                        entry.getKey(),
                        entry.getValue().stream().map(this::summary).toList(),
                        findingsOf(entry.getKey(), findings)))
                .toList();
    }

    private Pair pair(Measure measure, int setting, Blocks baseline, Blocks values) {
        return new Pair(
                measure,
                setting,
                baseline.sizeBeside(values),
                values.sizeBeside(baseline),
                isFact(baseline) && isFact(values),
                baseline.isEmpty() || values.isEmpty()
                        ? Optional.empty()
                        : Contrast.of(baseline, values, random.split()));
    }

    private static boolean isFact(Blocks values) {
        return values.size() >= FEWEST_FOR_A_FACT && values.isConstant();
    }

    private Optional<Summary> summary(Blocks values) {
        return values.isEmpty() ? Optional.empty() : Optional.of(Summary.of(values, random.split()));
    }

    private List<Finding> findings() {
        List<Pair> tested = pairs.stream().filter(Pair::needsTest).toList();
        List<Double> corrected = Holm.corrected(
                tested.stream().map(pair -> pair.contrast().orElseThrow().p()).toList());
        return pairs.stream()
                .map(pair -> {
                    int nth = tested.indexOf(pair);
                    return nth < 0
                            ? untested(pair)
                            : tested(pair, pair.contrast().orElseThrow(), corrected.get(nth), tested.size());
                })
                .toList();
    }

    private List<Finding> findingsOf(Measure measure, List<Finding> findings) {
        List<Finding> own = new ArrayList<>();
        for (int i = 0; i < pairs.size(); i++) {
            if (pairs.get(i).measure().equals(measure)) {
                own.add(findings.get(i));
            }
        }
        return own;
    }

    private static Finding untested(Pair pair) {
        if (pair.contrast().isEmpty()) {
            return new Finding(
                    pair.setting(),
                    Effect.NO_SAMPLES,
                    Sense.NEITHER,
                    false,
                    Optional.empty(),
                    OptionalDouble.empty(),
                    Effect.NO_SAMPLES.label());
        }
        Contrast contrast = pair.contrast().get();
        Effect effect = size(contrast);
        Sense sense = Sense.of(pair.measure(), contrast.delta());
        String words = Words.fact(effect, sense, contrast, pair.measure().unit());
        return new Finding(pair.setting(), effect, sense, true, pair.contrast(), OptionalDouble.empty(), words);
    }

    private static Finding tested(Pair pair, Contrast contrast, double p, int tests) {
        boolean couldTell = Trials.canTell(contrast.leastP(), tests);
        if (p > Trials.ALPHA && (!couldTell || contrast.isApart())) {
            return new Finding(
                    pair.setting(),
                    Effect.TOO_FEW_TRIALS,
                    Sense.NEITHER,
                    false,
                    pair.contrast(),
                    OptionalDouble.of(p),
                    Words.tooFew(pair.baseline(), pair.size(), contrast.leastP(), p, tests));
        }
        Effect effect = p > Trials.ALPHA ? Effect.NONE : size(contrast);
        Sense sense = effect.isThere() ? Sense.of(pair.measure(), contrast.delta()) : Sense.NEITHER;
        String words = Words.tested(effect, sense, contrast, p, pair.measure().unit());
        return new Finding(pair.setting(), effect, sense, false, pair.contrast(), OptionalDouble.of(p), words);
    }

    private static Effect size(Contrast contrast) {
        if (contrast.delta() == 0) {
            return Effect.NONE;
        }
        // From 0, and from or to infinity, any way is far.
        boolean far = !(Math.abs(contrast.difference()) < LARGE_SHIFT * Math.abs(contrast.baseline()));
        return far && Math.abs(contrast.delta()) >= LARGE_DELTA ? Effect.LARGE : Effect.SMALL;
    }
}
