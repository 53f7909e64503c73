package io.tcplab.experiments.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.kernel.limits.ProcessorTime;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class StartGateTest {
    private final AtomicInteger looks = new AtomicInteger();

    @Test
    void theFirstDoesntWait() throws InterruptedException {
        gate(0).pass();
        assertThat(looks).hasValue(0);
    }

    @Test
    void theNextOneWaitsUntilTheProcessorsHaveTime() throws InterruptedException {
        StartGate gate = gate(5);
        gate.pass();
        gate.pass();
        assertThat(looks).hasValueGreaterThan(5).hasValueLessThanOrEqualTo(7);
    }

    @Test
    void butNotForEver() throws InterruptedException {
        StartGate gate = gate(Integer.MAX_VALUE);
        gate.pass();
        gate.pass();
        assertThat(looks).hasValueGreaterThan(10);
    }

    /** Of a machine that is busy until somebody has looked so often, and idle from then on. */
    private StartGate gate(int busyLooks) {
        return new StartGate(() -> {
            int look = looks.incrementAndGet();
            return new ProcessorTime(Math.max(0, look - busyLooks), look);
        });
    }
}
