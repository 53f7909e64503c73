package io.tcplab.compare.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Against what R says: wilcox.test, p.adjust, effsize's cliff.delta. */
class StatisticsTest {
    private static final double INFINITY = Double.POSITIVE_INFINITY;

    @Test
    void apartIsAsFarAsItGoes() {
        Contrast contrast = contrast(new double[] {1, 2, 3, 4, 5}, new double[] {6, 7, 8, 9, 10});
        assertThat(contrast.p()).isEqualTo(0.007936508, within(1e-9));
        assertThat(contrast.delta()).isEqualTo(1);
        assertThat(contrast.isApart()).isTrue();
        assertThat(contrast.difference()).isEqualTo(5);
        assertThat(contrast.interval().low()).isBetween(1.0, 5.0);
        assertThat(contrast.interval().high()).isBetween(5.0, 9.0);
    }

    @Test
    void amongEachOtherIsNot() {
        Contrast contrast = contrast(new double[] {1, 4, 5, 8, 9}, new double[] {2, 3, 6, 7, 10});
        assertThat(contrast.p()).isEqualTo(1, within(0.1));
        assertThat(contrast.delta()).isEqualTo(0.04, within(1e-9));
        assertThat(contrast.isApart()).isFalse();
    }

    @Test
    void whatNeverEndsHasItsRank() {
        Contrast contrast =
                contrast(new double[] {1, 2, 3, 4, 5}, new double[] {INFINITY, INFINITY, INFINITY, INFINITY, INFINITY});
        assertThat(contrast.delta()).isEqualTo(1);
        assertThat(contrast.median()).isEqualTo(INFINITY);
        assertThat(contrast.difference()).isEqualTo(INFINITY);
        Contrast endless = contrast(new double[] {INFINITY, INFINITY}, new double[] {INFINITY, INFINITY});
        assertThat(endless.difference()).isZero();
        assertThat(endless.interval()).isEqualTo(new Interval(-INFINITY, INFINITY));
    }

    @Test
    void theSameValuesAreNoDifference() {
        Contrast contrast = contrast(new double[] {3, 3}, new double[] {3, 3, 3});
        assertThat(contrast.p()).isEqualTo(1);
        assertThat(contrast.delta()).isZero();
    }

    @Test
    void manyTestsMakeEachOneStricter() {
        assertThat(Holm.corrected(List.of(0.01, 0.04, 0.03))).containsExactly(0.03, 0.06, 0.06);
        assertThat(Holm.corrected(List.of(0.9, 0.9))).containsExactly(1.0, 1.0);
        assertThat(Holm.corrected(List.of())).isEmpty();
    }

    @Test
    void theLeastPOfASizeIsKnownBeforehand() {
        assertThat(leastP(3, 3)).isEqualTo(0.1, within(1e-12));
        assertThat(leastP(1, 1)).isEqualTo(1);
        assertThat(Trials.canTell(leastP(4, 4), 1)).isTrue();
        assertThat(Trials.canTell(leastP(4, 4), 2)).isFalse();
        assertThat(Trials.canTell(leastP(7, 3), 3))
                .as("three times 2 of 120: 0.05")
                .isTrue();
    }

    @Test
    void asManyTrialsAsItTakes() {
        assertThat(Trials.enough(1, 1)).isEqualTo(5);
        assertThat(Trials.enough(12, 1)).isEqualTo(6);
        assertThat(Trials.enough(50, 1)).isEqualTo(7);
        for (int contrasts = 1; contrasts < 200; contrasts++) {
            int trials = Trials.enough(contrasts, 1);
            assertThat(Trials.canTell(leastP(trials, trials), contrasts)).isTrue();
        }
    }

    private static double leastP(int one, int other) {
        return Trials.leastP(Blocks.of(new double[one]), Blocks.of(new double[other]));
    }

    @Test
    void aMedianHasAnIntervalWhichTheSeedDecides() {
        double[] values = {10, 12, 9, 11, 30, 10, 11};
        Summary summary = Summary.of(Blocks.of(values), new SplittableRandom(1));
        assertThat(summary.median()).isEqualTo(11);
        assertThat(summary.constant()).isFalse();
        assertThat(summary.interval().low()).isLessThan(summary.interval().high());
        assertThat(summary.interval().low()).isBetween(9.0, 11.0);
        assertThat(summary.interval().high()).isBetween(11.0, 30.0);
        assertThat(summary).isEqualTo(Summary.of(Blocks.of(values), new SplittableRandom(1)));
        assertThat(Summary.of(Blocks.of(4, 4, 4), new SplittableRandom(1)))
                .isEqualTo(new Summary(3, 4, new Interval(4, 4), true));
    }

    private static Contrast contrast(double[] one, double[] other) {
        return Contrast.of(Blocks.of(one), Blocks.of(other), new SplittableRandom(1))
                .orElseThrow();
    }
}
