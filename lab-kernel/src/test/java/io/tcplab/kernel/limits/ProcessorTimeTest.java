package io.tcplab.kernel.limits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ProcessorTimeTest {
    private static final String STAT = """
            cpu  89138 2782 62410 832700 1114 0 1864 7 50 0
            cpu0 44000 1391 31205 416350 557 0 932 3 25 0
            intr 1
            """;

    @Test
    void addsUpWhatAllProcessorsDidAndCountsGuestsOnce() {
        assertThat(ProcessorTime.parse(STAT)).isEqualTo(new ProcessorTime(833_814, 990_015));
    }

    @Test
    void tellsWhichPartWasIdle() {
        ProcessorTime before = new ProcessorTime(100, 1_000);
        assertThat(new ProcessorTime(103, 1_012).idleSince(before)).isEqualTo(0.25);
        assertThat(new ProcessorTime(100, 1_012).idleSince(before)).isZero();
        assertThat(before.idleSince(before)).isZero();
    }

    @Test
    void readsThisMachines() {
        ProcessorTime now = ProcessorTime.now();
        assertThat(now.all()).isGreaterThan(now.idle());
        assertThat(now.idleSince(new ProcessorTime(0, 0))).isBetween(0.0, 1.0);
    }

    @Test
    void whatIsNoStatIsAnError() {
        assertThatThrownBy(() -> ProcessorTime.parse("")).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> ProcessorTime.parse("cpu 1 2 3\n")).isInstanceOf(IllegalStateException.class);
    }
}
