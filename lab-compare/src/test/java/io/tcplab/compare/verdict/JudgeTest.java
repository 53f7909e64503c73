package io.tcplab.compare.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.compare.statistics.Blocks;
import io.tcplab.experiments.Measure;
import io.tcplab.experiments.Measure.Better;
import io.tcplab.experiments.Role;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JudgeTest {
    private static final Measure FAILED = Measure.count("client.failed", "connections", Better.LOWER, "");
    private static final Measure LATENCY = Measure.latency("client.connect.p99", Better.LOWER, "");
    private static final Measure PEAK = Measure.count("client.TIME_WAIT.peak", "sockets", Better.NEITHER, "");

    @Test
    void whatNeverVariesIsAFact() {
        Finding none = only(FAILED, values(2000, 2000, 2000), values(2000, 2000, 2000));
        assertThat(none.effect()).isEqualTo(Effect.NONE);
        assertThat(none.exact()).isTrue();
        assertThat(none.p()).isEmpty();
        assertThat(none.words()).isEqualTo("no effect, exactly: always 2,000 connections");

        Finding large = only(FAILED, values(2000, 2000, 2000), values(0, 0, 0));
        assertThat(large.effect()).isEqualTo(Effect.LARGE);
        assertThat(large.sense()).isEqualTo(Sense.BETTER);
        assertThat(large.p()).isEmpty();
        assertThat(large.words()).isEqualTo("large, better: 0 connections instead of 2,000, always");
    }

    @Test
    void whatVariesIsTestedAndSized() {
        Blocks slow = values(40, 41, 39, 42, 40.5, 43);
        Finding large = only(LATENCY, slow, values(10, 11, 9, 12, 10.5, 13));
        assertThat(large.effect()).isEqualTo(Effect.LARGE);
        assertThat(large.sense()).isEqualTo(Sense.BETTER);
        assertThat(large.exact()).isFalse();
        assertThat(large.p()).isPresent();
        assertThat(large.words()).isEqualTo("large, better: 10.8 ms instead of 40.8 (p\u00a00.0022, δ\u00a0-1)");

        Finding small = only(LATENCY, slow, values(43.1, 43.2, 43.3, 43.4, 43.5, 43.6));
        assertThat(small.effect()).as("apart, but by little").isEqualTo(Effect.SMALL);
        assertThat(small.sense()).isEqualTo(Sense.WORSE);

        Finding none = only(LATENCY, slow, values(40.1, 41.1, 39.1, 42.1, 40.6, 43.1));
        assertThat(none.effect()).isEqualTo(Effect.NONE);
        assertThat(none.words()).startsWith("no effect (p\u00a0");
    }

    @Test
    void aTenthMoreIsLarge() {
        assertThat(only(FAILED, values(10, 10, 10), values(11, 11, 11)).effect())
                .isEqualTo(Effect.LARGE);
        assertThat(only(FAILED, values(100, 100, 100), values(109, 109, 109)).effect())
                .isEqualTo(Effect.SMALL);
    }

    @Test
    void aFindingIsAboutItsSettingAndEachSettingHasItsSummary() {
        MeasureResult result = Judge.judge(Map.of(FAILED, List.of(values(1, 2, 3), values(), values(5, 5, 5))), 1)
                .getFirst();
        assertThat(result.findings()).extracting(Finding::setting).containsExactly(2, 3);
        assertThat(result.summaries().get(0)).hasValueSatisfying(summary -> {
            assertThat(summary.count()).isEqualTo(3);
            assertThat(summary.median()).isEqualTo(2);
        });
        assertThat(result.summaries().get(1)).isEmpty();
        assertThat(result.summaries().get(2))
                .hasValueSatisfying(summary -> assertThat(summary.constant()).isTrue());
    }

    @Test
    void bytesAreToldAsPersonsReadThem() {
        Measure memory = Measure.memory(Role.CLIENT, "");
        assertThat(only(memory, values(1_310_720, 1_310_720, 1_310_720), values(25_600, 25_600, 25_600))
                        .words())
                .isEqualTo("large, better: 25 KiB instead of 1.25 MiB, always");
        assertThat(only(memory, values(320, 320, 320), values(320, 320, 320)).words())
                .isEqualTo("no effect, exactly: always 320 bytes");
    }

    @Test
    void moreOfWhatIsNeitherGoodNorBadIsOnlyMore() {
        assertThat(only(PEAK, values(100, 100, 100), values(500, 500, 500)).sense())
                .isEqualTo(Sense.MORE);
        assertThat(only(PEAK, values(500, 500, 500), values(100, 100, 100)).words())
                .isEqualTo("large, less: 100 sockets instead of 500, always");
    }

    @Test
    void tooFewTrialsAreToldAsSuch() {
        Finding apart = only(LATENCY, values(1, 2, 3), values(7, 8, 9));
        assertThat(apart.effect()).isEqualTo(Effect.TOO_FEW_TRIALS);
        assertThat(apart.words()).isEqualTo("too few trials to tell: 3 against 3, so p is 0.1 at least");
        assertThat(only(FAILED, values(5), values(5)).effect()).isEqualTo(Effect.TOO_FEW_TRIALS);
    }

    /** Four trials are enough for one test, but not for four of them. */
    @Test
    void theMoreIsTestedTheMoreTrialsItTakes() {
        Blocks baseline = values(1, 2, 3, 4);
        Blocks higher = values(6, 7, 8, 9);
        assertThat(only(LATENCY, baseline, higher).effect()).isEqualTo(Effect.LARGE);
        assertThat(Judge.judge(Map.of(LATENCY, List.of(baseline, higher, higher, higher, higher)), 1)
                        .getFirst()
                        .findings())
                .extracting(Finding::effect)
                .containsOnly(Effect.TOO_FEW_TRIALS);
    }

    @Test
    void withoutSamplesNothingIsSaid() {
        Finding finding = only(FAILED, values(1, 2, 3), values());
        assertThat(finding.effect()).isEqualTo(Effect.NO_SAMPLES);
        assertThat(finding.effect().isTold()).isFalse();
        assertThat(finding.contrast()).isEmpty();
    }

    @Test
    void factsDontMakeTestsStricter() {
        Map<Measure, List<Blocks>> samples = new LinkedHashMap<>();
        samples.put(FAILED, List.of(values(0, 0, 0, 0), values(9, 9, 9, 9)));
        samples.put(LATENCY, List.of(values(1, 2, 3, 4), values(11, 12, 13, 14)));
        List<MeasureResult> results = Judge.judge(samples, 1);
        assertThat(results.getLast().findings().getFirst().effect()).isEqualTo(Effect.LARGE);
        assertThat(results.getFirst().findings().getFirst().exact()).isTrue();
    }

    @Test
    void theSeedDecides() {
        Map<Measure, List<Blocks>> samples = Map.of(LATENCY, List.of(values(1, 2, 3, 4, 9), values(2, 2, 3, 5, 8)));
        assertThat(Judge.judge(samples, 4)).isEqualTo(Judge.judge(samples, 4));
    }

    private static Finding only(Measure measure, Blocks baseline, Blocks other) {
        return Judge.judge(Map.of(measure, List.of(baseline, other)), 1)
                .getFirst()
                .findings()
                .getFirst();
    }

    private static Blocks values(double... values) {
        return Blocks.of(values);
    }
}
