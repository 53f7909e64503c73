package io.tcplab.experiments;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Where the expected ends: a verdict hangs on it. */
class ExpectedTest {
    private static final double JUST = 1e-9;

    @Test
    void numbersIncludeTheirBounds() {
        assertThat(Expected.equalTo(500).test()).accepts(500L).rejects(499L, 501L);
        assertThat(Expected.atLeast(500).test()).accepts(500L, 501L).rejects(499L);
        assertThat(Expected.atMost(500).test()).accepts(500L, 499L).rejects(501L);
        assertThat(Expected.between(3, 5).test()).accepts(3L, 4L, 5L).rejects(2L, 6L);
        assertThat(Expected.equalTo("ECONNRESET").test()).accepts("ECONNRESET").rejects("EOF");
    }

    @Test
    void secondsIncludeTheirBounds() {
        assertThat(Expected.seconds(4.8, 6.7).test())
                .accepts(4.8, 5.1, 6.7)
                .rejects(4.8 - JUST, 6.7 + JUST, Double.POSITIVE_INFINITY, Double.NaN);
    }

    @Test
    void eitherOfTwo() {
        Expected<Long> either = Expected.equalTo(1).or(Expected.equalTo(4));
        assertThat(either.test()).accepts(1L, 4L).rejects(2L);
        assertThat(either.text()).isEqualTo("= 1 or = 4");
    }

    @Test
    void whatThisKernelLacksIsSaidOnlyWhereItDoes() {
        Expected<Long> expected = Expected.equalTo(1);
        assertThat(expected.differingIf(true, "since 6.5").difference()).isEqualTo("since 6.5");
        assertThat(expected.differingIf(false, "since 6.5")).isEqualTo(expected);
    }

    @Test
    void timesMayBeOffByAShareOfEach() {
        assertThat(Expected.times(List.of(1.0, 4.0), 25).test())
                .accepts(List.of(1.0, 4.0), List.of(0.75, 5.0), List.of(1.25, 3.0))
                .rejects(List.of(0.7, 4.0), List.of(1.0, 5.1), List.of(1.0), List.of(1.0, 4.0, 4.0), List.of());
    }

    @Test
    void timesMayBeLateButHardlyEarly() {
        assertThat(Expected.latest(10, 0.5)).isEqualTo(10.8);
        assertThat(Expected.notBefore(List.of(1.0, 10.0), 0.5).test())
                .accepts(List.of(1.0, 10.0), List.of(0.97, 9.7), List.of(1.53, 10.8))
                .rejects(List.of(0.96, 10.0), List.of(1.54, 10.0), List.of(1.0, 9.6), List.of(1.0, 10.9), List.of(1.0));
    }

    /** Each wait counts from the last one: a shift of the first shifts all that follow. */
    @Test
    void waitsMayBeLateByATimerWheelsSlot() {
        assertThat(Expected.onTimetable(List.of(1.0, 3.0, 7.0)).test())
                .accepts(List.of(1.0, 3.0, 7.0), List.of(0.98, 2.94, 6.86), List.of(1.15, 3.45, 8.05))
                .accepts(List.of(1.1, 3.1, 7.1))
                .rejects(List.of(1.16, 3.16, 7.16), List.of(0.96, 3.0, 7.0), List.of(1.0, 3.4, 7.0))
                .rejects(List.of(1.0, 3.0), List.of(1.0, 3.0, 7.0, 15.0));
    }
}
