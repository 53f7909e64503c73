package io.tcplab.compare.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.compare.statistics.Blocks;
import io.tcplab.experiments.Measure;
import io.tcplab.experiments.catalogue.Catalogue;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The same setting twice must not differ. Each study draws its trials from forty real runs under one setting. */
@Tag("slow")
class SameSettingTwiceTest {
    private static final int TRIALS = 6;
    private static final int RUNS = 40;

    private final List<Measure> measures = Catalogue.byName("time-wait-storm").measures();
    private final Map<String, List<Double>> recorded = recorded();

    @Test
    void showsNoEffectInNineteenOfTwentyStudies() {
        assertThat(IntStream.rangeClosed(1, 20).filter(seed -> !hasEffect(seed)).count())
                .isGreaterThanOrEqualTo(19);
    }

    /** Twenty may be lucky. */
    @Test
    void raisesAFalseAlarmInOneOfTwentyAtMost() {
        long alarms = IntStream.rangeClosed(1, 400).filter(this::hasEffect).count();
        assertThat(alarms).isLessThanOrEqualTo(20);
    }

    private boolean hasEffect(int seed) {
        List<Integer> order = new ArrayList<>(IntStream.range(0, RUNS).boxed().toList());
        Collections.shuffle(order, new Random(seed));
        Map<Measure, List<Blocks>> samples = new LinkedHashMap<>();
        for (Measure measure : measures) {
            samples.put(
                    measure,
                    List.of(
                            values(measure, order.subList(0, TRIALS)),
                            values(measure, order.subList(TRIALS, 2 * TRIALS))));
        }
        return Judge.judge(samples, seed).stream()
                .flatMap(result -> result.findings().stream())
                .anyMatch(finding -> finding.effect().isThere());
    }

    private Blocks values(Measure measure, List<Integer> runs) {
        List<Double> all = Objects.requireNonNull(recorded.get(measure.name()), measure.name());
        return Blocks.of(
                runs.stream().mapToDouble(run -> measure.rounded(all.get(run))).toArray());
    }

    private static Map<String, List<Double>> recorded() {
        Map<String, List<Double>> recorded = new HashMap<>();
        try (InputStream file =
                Objects.requireNonNull(SameSettingTwiceTest.class.getResourceAsStream("recorded-storm.csv"))) {
            new String(file.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> List.of(line.split(",", -1)))
                    .forEach(row -> recorded.put(
                            row.getFirst(),
                            row.stream().skip(1).map(Double::valueOf).toList()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        assertThat(recorded.values())
                .isNotEmpty()
                .allSatisfy(runs -> assertThat(runs).hasSize(RUNS));
        return recorded;
    }
}
