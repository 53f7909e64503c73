package io.tcplab.zoo;

import io.tcplab.kernel.limits.ProcessorTime;
import java.time.Duration;

/**
 * Specimens are at work side by side, and other modules' tests beside them. Each begins when the processors have time for it, or after a
 * while in any case: with too many at once on a slow machine, programs are late for what the specimen is about.
 */
final class Room {
    private static final Duration LOOK = Duration.ofMillis(200);
    private static final double ENOUGH = 0.25;
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private Room() {}

    static void await() {
        try {
            ProcessorTime before = ProcessorTime.now();
            for (long i = 0; i < PATIENCE.dividedBy(LOOK); i++) {
                Thread.sleep(LOOK);
                ProcessorTime now = ProcessorTime.now();
                if (now.idleSince(before) >= ENOUGH) {
                    return;
                }
                before = now;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
