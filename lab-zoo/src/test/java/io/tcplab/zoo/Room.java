package io.tcplab.zoo;

import io.tcplab.kernel.limits.IdleProcessors;
import java.time.Duration;

/**
 * Specimens are at work side by side, and other modules' tests beside them. Each begins when the processors have time for it, or after a
 * while in any case: with too many at once on a slow machine, programs are late for what the specimen is about.
 */
final class Room {
    private static final IdleProcessors IDLE = new IdleProcessors(Duration.ofMillis(200), Duration.ofSeconds(20));

    private Room() {}

    static void await() {
        try {
            IDLE.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
