package io.tcplab.experiments.cell;

import io.tcplab.experiments.EvidenceMissing;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * How long to wait for what others do: until nothing has moved for this long. A busy machine is slow, but it moves; and while
 * this process itself stands still, those that it waits for may, too.
 */
public final class ProgressTimeout {
    /** Looks come more often than this. The rest of a longer pause isn't waiting: nothing ran that could have looked. */
    private static final long LONGEST_PAUSE = Duration.ofMillis(500).toNanos();

    /** What still moves after this many times the timeout, and after a minute, isn't at rest in time to be judged. */
    private static final int MOST = 10;

    private static final Duration A_MINUTE = Duration.ofMinutes(1);

    private final Duration within;
    private final LongSupplier clock;
    private final long begunNanos;
    private long lookedAtNanos;
    private long waitedNanos;
    private Optional<Object> last = Optional.empty();

    ProgressTimeout(Duration within) {
        this(within, System::nanoTime);
    }

    /** As if the clock were this one, in nanoseconds. */
    ProgressTimeout(Duration within, LongSupplier clock) {
        this.within = within;
        this.clock = clock;
        begunNanos = clock.getAsLong();
        lookedAtNanos = begunNanos;
    }

    /** The longest that a wait with this timeout lasts. */
    public static Duration most(Duration within) {
        Duration most = within.multipliedBy(MOST);
        return most.compareTo(A_MINUTE) > 0 ? most : A_MINUTE;
    }

    /** Whether to look again.
     *
     * @param standing how things stand; equal to the last one if nothing has moved
     * @throws EvidenceMissing if they have been moving all the time, ten times as long as the timeout and at least a minute
     */
    boolean lasts(Object standing) {
        long now = clock.getAsLong();
        boolean moved = last.filter(standing::equals).isEmpty();
        waitedNanos = moved ? 0 : waitedNanos + Math.min(now - lookedAtNanos, LONGEST_PAUSE);
        last = Optional.of(standing);
        lookedAtNanos = now;
        if (waitedNanos >= within.toNanos()) {
            return false;
        }
        if (now - begunNanos > most(within).toNanos()) {
            throw new EvidenceMissing("the machine was too busy: sockets were still changing after %d s"
                    .formatted(Duration.ofNanos(now - begunNanos).toSeconds()));
        }
        return true;
    }
}
