package io.tcplab.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.client.Pacer.Step;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The clock is whatever the test says: times are nanoseconds since the start; at this rate, one operation every 1,000. */
class PacerTest {
    private static final double RATE = 1e6;

    private static Pacer open(Stop stop, int places) {
        return new Pacer(new Schedule(RATE, stop, 0, 1), places);
    }

    private static Pacer closed(Stop stop, int places) {
        return new Pacer(new Schedule(0, stop, 0, 1), places);
    }

    @Test
    void startsOnScheduleAndSaysWhenTheNextIs() {
        Pacer pacer = open(new Stop.AfterCount(2), 10);
        assertThat(pacer.step(0)).isEqualTo(Step.START);
        pacer.take();
        assertThat(pacer.step(999)).isEqualTo(Step.WAIT);
        assertThat(pacer.next(999)).isEqualTo(1_000);
        assertThat(pacer.step(1_000)).isEqualTo(Step.START);
        pacer.take();
        assertThat(pacer.step(1_000)).isEqualTo(Step.ENDED);
    }

    @Test
    void aLateGeneratorCatchesUpAndTheLagIsItsOwn() {
        Pacer pacer = open(new Stop.AfterCount(10), 10);
        pacer.take();
        assertThat(pacer.step(3_500)).isEqualTo(Step.START);
        assertThat(pacer.lag(3_500)).isEqualTo(2_500);
        assertThat(pacer.delayed(3_500)).isFalse();
        pacer.take();
        assertThat(pacer.lag(3_500)).isEqualTo(1_500);
        pacer.take();
        assertThat(pacer.lag(3_500)).isEqualTo(500);
        pacer.take();
        assertThat(pacer.step(3_500)).isEqualTo(Step.WAIT);
    }

    @Test
    void aReachedCapDelaysAndIsNoLag() {
        Pacer pacer = open(new Stop.AfterCount(10), 1);
        pacer.take();
        assertThat(pacer.step(1_000)).isEqualTo(Step.NO_PLACE);
        assertThat(pacer.placeFreed(5_300)).isTrue();
        assertThat(pacer.step(5_310)).isEqualTo(Step.START);
        assertThat(pacer.next(5_310)).as("the intended time stays").isEqualTo(1_000);
        assertThat(pacer.delayed(5_310)).isTrue();
        assertThat(pacer.lag(5_310)).as("since there was a place").isEqualTo(10);
    }

    @Test
    void whatCameDueAfterThePlaceWasFreeIsNotDelayed() {
        Pacer pacer = open(new Stop.AfterCount(10), 1);
        pacer.take();
        assertThat(pacer.step(1_000)).isEqualTo(Step.NO_PLACE);
        pacer.placeFreed(1_100);
        pacer.take();
        assertThat(pacer.placeFreed(1_900)).as("nobody waited for it").isFalse();
        assertThat(pacer.step(2_000)).isEqualTo(Step.START);
        assertThat(pacer.delayed(2_000)).isFalse();
        assertThat(pacer.lag(2_040)).isEqualTo(40);
    }

    @Test
    void intendedCountsWhatIsDueThoughItFoundNoPlace() {
        Pacer pacer = open(new Stop.AfterCount(10), 1);
        pacer.take();
        assertThat(pacer.intended(4_000)).isEqualTo(5);
        assertThat(pacer.intended(1_000_000)).isEqualTo(10);
        assertThat(pacer.taken()).isEqualTo(1);
    }

    @Test
    void atTheEndOfItsTimeWhatFoundNoPlaceIsAbandoned() {
        Pacer pacer = open(new Stop.AfterDuration(Duration.ofNanos(10_000)), 2);
        pacer.take();
        pacer.take();
        assertThat(pacer.step(9_999)).isEqualTo(Step.NO_PLACE);
        assertThat(pacer.step(10_000)).isEqualTo(Step.ENDED);
        assertThat(pacer.end(10_000)).as("10 were due").isEqualTo(8);
        assertThat(pacer.end(10_000)).isZero();
        assertThat(pacer.placeFreed(10_001)).isTrue();
        assertThat(pacer.step(10_001)).isEqualTo(Step.ENDED);
        assertThat(pacer.taken()).isEqualTo(10);
        assertThat(pacer.intended(20_000)).isEqualTo(10);
    }

    @Test
    void aLateGeneratorStillStartsWhatHasAPlaceWhenTimeIsOver() {
        Pacer pacer = open(new Stop.AfterDuration(Duration.ofNanos(2_000)), 10);
        pacer.take();
        assertThat(pacer.step(2_500)).isEqualTo(Step.START);
        pacer.take();
        assertThat(pacer.step(2_500)).isEqualTo(Step.ENDED);
        assertThat(pacer.end(2_500)).isZero();
    }

    @Test
    void aCountWaitsForPlacesHoweverLong() {
        Pacer pacer = open(new Stop.AfterCount(3), 1);
        pacer.take();
        assertThat(pacer.step(1_000_000)).isEqualTo(Step.NO_PLACE);
        pacer.placeFreed(2_000_000);
        assertThat(pacer.step(2_000_000)).isEqualTo(Step.START);
    }

    @Test
    void withoutARateAnOperationIsMeantToStartWhenThereIsAPlace() {
        Pacer pacer = closed(new Stop.AfterCount(3), 1);
        assertThat(pacer.step(0)).isEqualTo(Step.START);
        pacer.take();
        assertThat(pacer.step(700)).isEqualTo(Step.NO_PLACE);
        pacer.placeFreed(900);
        assertThat(pacer.step(950)).isEqualTo(Step.START);
        assertThat(pacer.next(950)).isEqualTo(950);
        assertThat(pacer.intended(950)).isEqualTo(1);
    }

    @Test
    void withoutARateTimeEndsItThoughThereArePlaces() {
        Pacer pacer = closed(new Stop.AfterDuration(Duration.ofNanos(1_000)), 5);
        assertThat(pacer.step(999)).isEqualTo(Step.START);
        assertThat(pacer.step(1_000)).isEqualTo(Step.ENDED);
        assertThat(pacer.end(1_000)).isZero();
    }
}
