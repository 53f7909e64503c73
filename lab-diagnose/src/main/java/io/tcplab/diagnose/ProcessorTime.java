package io.tcplab.diagnose;

import io.tcplab.kernel.processes.ProcessStat;
import io.tcplab.kernel.processes.Processes;
import java.util.concurrent.TimeUnit;

/** What the thread that makes this spends of its processor. To the kernel's tick, 10 ms. */
final class ProcessorTime {
    private static final long TICK_NANOS = TimeUnit.SECONDS.toNanos(1) / ProcessStat.TICKS_PER_SECOND;

    private long lastTicks = ticks();

    /** The processor time since this was asked, or made. 0 where /proc has no threads of this one's numbering. */
    long sinceLastNanos() {
        long before = lastTicks;
        lastTicks = ticks();
        return (lastTicks - before) * TICK_NANOS;
    }

    private static long ticks() {
        return Processes.thisThread().map(ProcessStat::cpuTicks).orElse(0L);
    }
}
