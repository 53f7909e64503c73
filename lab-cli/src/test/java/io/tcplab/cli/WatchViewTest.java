package io.tcplab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalTime;
import org.junit.jupiter.api.Test;

class WatchViewTest {

    @Test
    void eachLineBeginsWithATimeOfTheSameLength() {
        assertThat(WatchView.clock(LocalTime.of(3, 48))).isEqualTo("03:48:00");
        assertThat(WatchView.clock(LocalTime.of(23, 5, 9, 1))).isEqualTo("23:05:09");
    }
}
