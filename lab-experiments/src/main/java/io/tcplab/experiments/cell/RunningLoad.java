package io.tcplab.experiments.cell;

import io.tcplab.client.LoadReport;
import io.tcplab.experiments.EvidenceMissing;
import java.time.Duration;

/** A load at work on a host of a cell. It ends with its cell. */
public interface RunningLoad {

    /** What has happened so far. */
    LoadReport report();

    /** Closes the connections that a holding load holds. */
    void release();

    /**
     * Waits until the load has ended, or nothing has come of it for this long: a busy machine is slow, but it moves.
     *
     * @param lag the most by which the generator may be late with a hundredth of its operations; with more, what the kernel
     *     shows is the answer to another load than the one asked for
     * @return the report at that moment
     * @throws EvidenceMissing if the generator was later than that, or the load goes on after ten times as long, and a minute
     */
    LoadReport awaitEnd(Duration within, Duration lag) throws InterruptedException;

    /**
     * As {@link #awaitEnd(Duration)}, for a load each of whose conversations ends by itself.
     *
     * @throws EvidenceMissing as well if some had not ended, or were given up: then nothing can be said of all
     */
    default LoadReport awaitEach(Duration within) throws InterruptedException {
        return ended(awaitEnd(within));
    }

    /** As {@link #awaitEach(Duration)}, for a generator that may lag. */
    default LoadReport awaitEach(Duration within, Duration lag) throws InterruptedException {
        return ended(awaitEnd(within, lag));
    }

    private static LoadReport ended(LoadReport report) {
        if (report.inFlight() + report.givenUp() > 0) {
            throw new EvidenceMissing(
                    "the machine was too busy: of %,d conversations, %,d hadn't ended and %,d were given up"
                            .formatted(report.intended(), report.inFlight(), report.givenUp()));
        }
        return report;
    }

    /** As {@link #awaitEnd(Duration, Duration)}, for a load on no tight schedule: half a second late is in time. */
    default LoadReport awaitEnd(Duration within) throws InterruptedException {
        return awaitEnd(within, Duration.ofMillis(500));
    }
}
