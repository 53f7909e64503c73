package io.tcplab.compare.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.apache.commons.statistics.inference.MannWhitneyUTest;
import org.junit.jupiter.api.Test;

/** Samples of several machines. Expected p-values are counted by hand: of all ways to choose, those as far from the mean. */
class BlocksTest {
    private static final double INFINITY = Double.POSITIVE_INFINITY;

    /** A machine is slower by a hundred; the setting by one. */
    @Test
    void aDifferenceSmallerThanTheMachinesIsSeenWithinThem() {
        Contrast contrast = contrast(
                blocks(values(10, 10.1, 10.2), values(110, 110.1, 110.2)),
                blocks(values(11, 11.1, 11.2), values(111, 111.1, 111.2)));
        assertThat(contrast.isApart()).isTrue();
        assertThat(contrast.p()).as("2 of 20 × 20").isEqualTo(0.005, within(1e-12));
        assertThat(contrast.leastP()).isEqualTo(contrast.p(), within(1e-12));
        assertThat(contrast.difference()).isEqualTo(1, within(1e-9));
        assertThat(contrast.interval().low()).isBetween(0.7, 1.0);
        assertThat(contrast.interval().high()).isBetween(1.0, 1.3);

        Contrast pooled =
                contrast(Blocks.of(10, 10.1, 10.2, 110, 110.1, 110.2), Blocks.of(11, 11.1, 11.2, 111, 111.1, 111.2));
        assertThat(pooled.p()).as("without blocks it drowns").isGreaterThan(0.1);
    }

    /** One machine has lost most of a setting's trials, so that the pooled medians say the opposite. */
    @Test
    void whatAMachineDoesIsNoEffectOfTheSettingThatItHasMoreOf() {
        Blocks baseline = blocks(values(10, 11, 12, 13, 14), values(100));
        Blocks other = blocks(values(9), values(95, 96, 97, 98, 99));
        Contrast contrast = contrast(baseline, other);
        assertThat(contrast.difference()).isNegative();
        assertThat(contrast.delta()).isEqualTo(-1);

        Contrast pooled = contrast(Blocks.of(baseline.all()), Blocks.of(other.all()));
        assertThat(pooled.difference()).isPositive();
        assertThat(pooled.delta()).isPositive();
    }

    @Test
    void aMachineWithoutOneOfTheSettingsDoesntCount() {
        Contrast contrast = contrast(blocks(values(1, 2, 3), values()), blocks(values(4, 5, 6), values(900, 901)));
        assertThat(contrast.p()).isEqualTo(0.1, within(1e-12));
        assertThat(contrast.median()).isEqualTo(5);
        assertThat(contrast.baseline()).isEqualTo(2);
        assertThat(Contrast.of(blocks(values(1), values()), blocks(values(), values(2)), new SplittableRandom(1)))
                .isEmpty();
    }

    @Test
    void whatIsTiedHasItsShareOfTheRanks() {
        Contrast contrast = contrast(blocks(values(1, 1), values(5, 5)), blocks(values(1, 2), values(5, 6)));
        assertThat(contrast.delta()).isEqualTo(0.5);
        // Within each block half of the ways have the 2, or the 6, in the other sample: both of them so, or neither, is
        // as far.
        assertThat(contrast.p()).isEqualTo(0.5, within(1e-12));
        assertThat(contrast(blocks(values(3, 3), values(3)), blocks(values(3), values(3)))
                        .p())
                .isEqualTo(1);
    }

    @Test
    void whatNeverEndsHasItsRankInBlocksToo() {
        Contrast contrast =
                contrast(blocks(values(1, 2, 3), values(4, 5, 6)), blocks(values(7, 8, INFINITY), values(9, 9, 9)));
        assertThat(contrast.delta()).isEqualTo(1);
        assertThat(contrast.median()).isEqualTo(8.5);
    }

    @Test
    void oneBlockIsTheMannWhitneyTest() {
        Random random = new Random(3);
        for (int i = 0; i < 20; i++) {
            double[] one = random.doubles(6).toArray();
            double[] other = random.doubles(5).map(value -> value + 0.3).toArray();
            assertThat(BlockedRanks.of(Blocks.of(one), Blocks.of(other)).p())
                    .isEqualTo(MannWhitneyUTest.withDefaults().test(other, one).getPValue(), within(1e-9));
        }
    }

    /** As before there were blocks: of tied values the library has the normal approximation. */
    @Test
    void oneBlockIsTheLibrarysAlsoWhereValuesAreTied() {
        double[] one = {1, 1, 2, 2, 3};
        double[] other = {1, 2, 3, 3, 3};
        assertThat(contrast(Blocks.of(one), Blocks.of(other)).p())
                .isEqualTo(MannWhitneyUTest.withDefaults().test(other, one).getPValue())
                .isNotEqualTo(BlockedRanks.of(Blocks.of(one), Blocks.of(other)).p());
    }

    /** Where counting would take too long. */
    @Test
    void manyValuesAreAsGoodAsNormal() {
        double[] one = IntStream.range(0, 25).mapToDouble(i -> i).toArray();
        double[] other = Arrays.stream(one).map(value -> value + 3.5).toArray();
        double counted = BlockedRanks.of(Blocks.of(one), Blocks.of(other)).p();
        assertThat(counted).isBetween(0.1, 0.13);
        // Another block, too large to be counted, in which nothing differs: it adds neither to the statistic nor to its
        // variance.
        double[] same = new double[40];
        double normal = BlockedRanks.of(blocks(one, same), blocks(other, same)).p();
        assertThat(normal).isEqualTo(counted, within(0.004)).isNotCloseTo(counted, within(1e-6));
        assertThat(BlockedRanks.of(blocks(same, same), blocks(same, same)).p()).isEqualTo(1);
    }

    @Test
    void theVarianceIsThatOfTheDistribution() {
        RankedBlock block = RankedBlock.of(values(1, 2, 2, 5), values(2, 3, 7));
        double[] distribution = block.distribution();
        assertThat(distribution).hasSize(2 * 12 + 1);
        assertThat(Arrays.stream(distribution).sum()).isEqualTo(1, within(1e-12));
        assertThat(block.pairs()).isEqualTo(12);
        assertThat(block.size()).isEqualTo(7);
        double mean =
                IntStream.range(0, 25).mapToDouble(i -> distribution[i] * i).sum();
        double variance = IntStream.range(0, 25)
                .mapToDouble(i -> distribution[i] * (i - mean) * (i - mean))
                .sum();
        assertThat(mean).isEqualTo(12, within(1e-12));
        assertThat(block.variance()).isEqualTo(variance, within(1e-9));
        assertThat(block.statistic()).as("twice 8 and two ties").isEqualTo(18);
    }

    /** 4 against 4 say three times as much of a difference as 1 against 2: 2 and 2/3. */
    @Test
    void machinesWithMoreValuesAreHeavier() {
        Contrast contrast = contrast(blocks(values(0, 0, 0, 0), values(0)), blocks(values(1, 1, 1, 1), values(10, 10)));
        assertThat(contrast.difference()).isEqualTo(3.25, within(1e-9));
    }

    @Test
    void onlyWhatHasACounterpartIsCounted() {
        Blocks some = blocks(values(1, 2, 3), values(), values(4));
        assertThat(some.sizeBeside(blocks(values(1), values(5), values()))).isEqualTo(3);
        assertThat(some.isEmpty()).isFalse();
        assertThat(blocks(values(), values()).isEmpty()).isTrue();
    }

    @Test
    void aMedianOfBlocksIsTheirMedians() {
        Blocks blocks = blocks(values(1, 2, 3, 4), values(), values(100, 200));
        assertThat(blocks.median()).isEqualTo((4 * 2.5 + 2 * 150) / 6);
        Summary summary = Summary.of(blocks, new SplittableRandom(1));
        assertThat(summary.count()).isEqualTo(6);
        assertThat(summary.interval().low()).isGreaterThanOrEqualTo((4 * 1 + 2 * 100) / 6.0);
        assertThat(Summary.of(blocks(values(7), values(7, 7)), new SplittableRandom(1)))
                .isEqualTo(new Summary(3, 7, new Interval(7, 7), true));
    }

    @Test
    void trialsAreDealtOutEvenly() {
        assertThat(IntStream.range(0, 3).map(block -> Trials.share(8, 3, block)))
                .containsExactly(3, 3, 2);
        assertThat(Trials.enough(1, 1)).isEqualTo(5);
        assertThat(Trials.enough(1, 2)).as("2 of 20 × 6").isEqualTo(5);
        assertThat(Trials.enough(1, 5)).as("2 of 2 to the 5th are 1 of 16").isEqualTo(6);
        assertThat(Trials.enough(1, 30)).as("each has one").isEqualTo(30);
    }

    private static Contrast contrast(Blocks one, Blocks other) {
        return Contrast.of(one, other, new SplittableRandom(1)).orElseThrow();
    }

    private static Blocks blocks(double[]... values) {
        return new Blocks(List.of(values));
    }

    private static double[] values(double... values) {
        return Arrays.copyOf(values, values.length);
    }
}
