package io.tcplab.experiments.cell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tcplab.experiments.EvidenceMissing;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ProgressTimeoutTest {
    private static final Duration TEN_SECONDS = Duration.ofSeconds(10);

    private long now;
    private final ProgressTimeout timeout = new ProgressTimeout(TEN_SECONDS, () -> now);

    @Test
    void endsWhenNothingHasMovedForSoLong() {
        assertThat(looks(49, Duration.ofMillis(200), false)).isTrue();
        assertThat(looks(2, Duration.ofMillis(200), false)).isFalse();
    }

    @Test
    void lastsAsLongAsThingsMove() {
        assertThat(looks(11, Duration.ofSeconds(8), true)).isTrue();
    }

    /** Whoever was stopped hasn't waited: what it waits for may have been stopped, too. */
    @Test
    void countsNoTimeInWhichNobodyLooked() {
        looks(1, Duration.ZERO, false);
        assertThat(looks(1, Duration.ofSeconds(60), false)).isTrue();
        assertThat(looks(48, Duration.ofMillis(200), false)).isFalse();
    }

    @Test
    void saysThatThingsNeverCameToRest() {
        assertThatThrownBy(() -> looks(14, Duration.ofSeconds(8), true))
                .isInstanceOf(EvidenceMissing.class)
                .hasMessageContaining("still changing after 104 s");
    }

    @Test
    void endsAtOnceWhereThereIsNone() {
        assertThat(new ProgressTimeout(Duration.ZERO, () -> now).lasts("as it is"))
                .isFalse();
    }

    private boolean looks(int times, Duration every, boolean moving) {
        boolean lasts = true;
        for (int i = 0; i < times && lasts; i++) {
            now += every.toNanos();
            lasts = timeout.lasts(moving ? now : "as it is");
        }
        return lasts;
    }
}
