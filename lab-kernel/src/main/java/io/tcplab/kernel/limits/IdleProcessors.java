package io.tcplab.kernel.limits;

import java.time.Duration;
import java.util.function.Supplier;

/**
 * Waits until the processors have time.
 *
 * @param look how long each look at them is; their times come in ticks of 10 ms
 * @param patience others may keep the machine busy all day: then it is over all the same
 */
public record IdleProcessors(Duration look, Duration patience, Supplier<ProcessorTime> processors) {
    /** Room for the beginning of one more piece of work. */
    private static final double ENOUGH = 0.25;

    /** This machine's. */
    public IdleProcessors(Duration look, Duration patience) {
        this(look, patience, ProcessorTime::now);
    }

    /** Returns when a quarter of their time was idle during a look, or its patience is at an end. */
    public void await() throws InterruptedException {
        ProcessorTime before = processors.get();
        for (long left = patience.dividedBy(look); left > 0; left--) {
            Thread.sleep(look);
            ProcessorTime now = processors.get();
            if (now.idleSince(before) >= ENOUGH) {
                return;
            }
            before = now;
        }
    }
}
