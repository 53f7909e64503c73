package io.tcplab.diagnose;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.kernel.processes.Processes;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ProcessorTimeTest {
    private static final long TICKS = 5;

    @Test
    void whatTheThreadComputesCounts() {
        ProcessorTime time = new ProcessorTime();
        compute();
        assertThat(time.sinceLastNanos())
                .isGreaterThanOrEqualTo(Duration.ofMillis(10 * TICKS).toNanos());
        assertThat(time.sinceLastNanos())
                .as("asked again at once")
                .isLessThan(Duration.ofMillis(10 * TICKS).toNanos());
    }

    @Test
    void whatItWaitsForDoesNot() throws InterruptedException {
        ProcessorTime time = new ProcessorTime();
        CountDownLatch done = new CountDownLatch(1);
        Thread.ofPlatform().start(() -> {
            compute();
            done.countDown();
        });
        assertThat(done.await(1, TimeUnit.MINUTES)).isTrue();
        assertThat(time.sinceLastNanos())
                .isLessThan(Duration.ofMillis(10 * TICKS).toNanos());
    }

    private static void compute() {
        long until = ticks() + TICKS;
        while (ticks() < until) {
            Thread.onSpinWait();
        }
    }

    private static long ticks() {
        return Processes.thisThread().orElseThrow().cpuTicks();
    }
}
