package io.tcplab.kernel.memory;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ProcessMemoryTest {
    @Test
    void theKernelCountsInKilobytes() {
        assertThat(ProcessMemory.peakResident(
                        "Name:\tjava\nVmPeak:\t 9000000 kB\nVmHWM:\t  204800 kB\nVmRSS:\t  1 kB\n"))
                .isEqualTo(200L * 1024 * 1024);
    }

    @Test
    void thisProcessHasSomeOfBoth() {
        ProcessMemory memory = ProcessMemory.now();
        assertThat(memory.peakHeap()).isPositive();
        assertThat(memory.peakResident()).isGreaterThan(10_000_000);
    }
}
