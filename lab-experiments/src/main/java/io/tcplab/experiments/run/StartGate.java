package io.tcplab.experiments.run;

import io.tcplab.kernel.limits.IdleProcessors;
import io.tcplab.kernel.limits.ProcessorTime;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * Lets runs start one after the other, each when the processors have time for it. Most of a run is waiting, so that many go
 * side by side; but all of them begin with work, and if they begin at once on a slow machine, each is late for its own timers.
 * Not for several threads.
 */
final class StartGate {
    /** Long enough for what has just started to show, in ticks of 10 ms and two processors. */
    private static final Duration LOOK = Duration.ofMillis(30);

    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final IdleProcessors idle;
    private boolean first = true;

    StartGate() {
        this(ProcessorTime::now);
    }

    /** As if the processors' times were these, at each look the next. */
    StartGate(Supplier<ProcessorTime> processors) {
        idle = new IdleProcessors(LOOK, PATIENCE, processors);
    }

    /** Returns when the next run may start: at once for the first, and after a second at the latest. */
    void pass() throws InterruptedException {
        if (!first) {
            idle.await();
        }
        first = false;
    }
}
