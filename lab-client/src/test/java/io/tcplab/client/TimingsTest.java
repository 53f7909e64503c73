package io.tcplab.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

class TimingsTest {
    /** Three digits: a value's bucket is at most this wide. */
    private static final Percentage A_BUCKET = Percentage.withPercentage(0.1);

    @Test
    void percentilesOfASumAreThoseOfAllValuesTogether() {
        Random random = new Random(7);
        List<long[]> clients = IntStream.range(0, 4)
                .mapToObj(client -> values(random, 1_000 + 3_000 * client, Math.pow(30, client)))
                .toList();
        long[] all = clients.stream().flatMapToLong(Arrays::stream).sorted().toArray();

        Percentiles merged = clients.stream()
                .map(TimingsTest::timings)
                .map(each -> Timings.ofBytes(each.toBytes()))
                .reduce(Timings.none(), Timings::plus)
                .percentiles();

        assertThat(merged.count()).isEqualTo(all.length);
        assertThat(merged.p50()).isCloseTo(at(all, 50), A_BUCKET);
        assertThat(merged.p90()).isCloseTo(at(all, 90), A_BUCKET);
        assertThat(merged.p99()).isCloseTo(at(all, 99), A_BUCKET);
        assertThat(merged.p999()).isCloseTo(at(all, 99.9), A_BUCKET);
        assertThat(merged.max()).isCloseTo(all[all.length - 1], A_BUCKET);
        assertThat(merged).isEqualTo(timings(all).percentiles());
    }

    @Test
    void whatIsNoHistogramIsRefused() {
        assertThatThrownBy(() -> Timings.ofBytes(new byte[] {1, 2, 3})).isInstanceOf(IllegalArgumentException.class);
    }

    private static long[] values(Random random, int count, double scale) {
        return LongStream.generate(() -> (long) (1_000 + Math.abs(random.nextGaussian()) * 10_000 * scale))
                .limit(count)
                .toArray();
    }

    private static Timings timings(long[] values) {
        Distribution distribution = new Distribution();
        Arrays.stream(values).forEach(distribution::record);
        return distribution.timings();
    }

    /** The smallest value that this share of all doesn't exceed. */
    private static long at(long[] sorted, double percent) {
        return sorted[(int) Math.ceil(sorted.length * percent / 100) - 1];
    }
}
