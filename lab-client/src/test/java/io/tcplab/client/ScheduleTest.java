package io.tcplab.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScheduleTest {
    private static final long SECOND = 1_000_000_000;

    @Test
    void operationsAreEvenlySpaced() {
        Schedule schedule = new Schedule(4, new Stop.AfterCount(5), 0, 1);
        assertThat(LongStream.range(0, 5).map(schedule::time))
                .containsExactly(0L, SECOND / 4, SECOND / 2, SECOND * 3 / 4, SECOND);
        assertThat(schedule.limit()).isEqualTo(5);
    }

    @Test
    void aDayOfAnOddRateDoesNotDrift() {
        Schedule schedule = new Schedule(30_000.0 / 7, new Stop.AfterCount(Long.MAX_VALUE), 0, 1);
        long daysOperations = 86_400L * 30_000 / 7;
        assertThat(schedule.time(daysOperations)).isBetween(86_400 * SECOND - 1_000_000, 86_400 * SECOND);
    }

    @Test
    void loopsDealTheOperationsOutWithoutGapOrOverlap() {
        long[] dealt = IntStream.range(0, 3)
                .mapToObj(loop -> new Schedule(1_000, new Stop.AfterCount(10), loop, 3))
                .flatMapToLong(loop -> LongStream.range(0, loop.limit()).map(loop::time))
                .sorted()
                .toArray();
        assertThat(dealt)
                .containsExactly(LongStream.range(0, 10).map(i -> i * 1_000_000).toArray());
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.3, 1, 3, 7, 1_000.0 / 3, 15_000, 99_999.9})
    void dueAgreesWithTheTimesToTheNanosecond(double rate) {
        Schedule schedule = new Schedule(rate, new Stop.AfterCount(1_000), 1, 2);
        for (long i = 0; i < schedule.limit(); i++) {
            assertThat(schedule.due(schedule.time(i))).isEqualTo(i + 1);
            assertThat(schedule.due(schedule.time(i) - 1)).isEqualTo(i);
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.3, 1, 3, 7, 1_000.0 / 3, 15_000, 99_999.9})
    void aDurationAdmitsWhatIsMeantToStartBeforeItsEnd(double rate) {
        Stop stop = new Stop.AfterDuration(Duration.ofSeconds(10));
        Schedule schedule = new Schedule(rate, stop, 0, 1);
        assertThat(schedule.time(schedule.limit() - 1)).isLessThan(10 * SECOND);
        assertThat(schedule.time(schedule.limit())).isGreaterThanOrEqualTo(10 * SECOND);
        assertThat(schedule.due(20 * SECOND)).isEqualTo(schedule.limit());
    }

    @Test
    void withoutARateOnlyTheStopLimits() {
        assertThat(new Schedule(0, new Stop.AfterCount(7), 0, 2).limit()).isEqualTo(4);
        assertThat(new Schedule(0, new Stop.AfterCount(7), 1, 2).limit()).isEqualTo(3);
        assertThat(new Schedule(0, new Stop.AfterDuration(Duration.ofSeconds(1)), 0, 2).limit())
                .isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void fewerOperationsThanLoopsLeaveSomeLoopsNone() {
        assertThat(new Schedule(10, new Stop.AfterCount(1), 1, 2).limit()).isZero();
        assertThat(new Schedule(10, new Stop.AfterCount(1), 1, 2).due(SECOND)).isZero();
    }
}
