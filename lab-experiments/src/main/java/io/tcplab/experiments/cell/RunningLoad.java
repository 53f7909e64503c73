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
     * Waits until the load has ended, or the time is up.
     *
     * @param lag the most by which the generator may be late with a hundredth of its operations; with more, what the kernel
     *     shows is the answer to another load than the one asked for
     * @return the report at that moment
     * @throws EvidenceMissing if the generator was later than that
     */
    LoadReport awaitEnd(Duration within, Duration lag) throws InterruptedException;

    /** As {@link #awaitEnd(Duration, Duration)}, for a load on no tight schedule: half a second late is in time. */
    default LoadReport awaitEnd(Duration within) throws InterruptedException {
        return awaitEnd(within, Duration.ofMillis(500));
    }
}
