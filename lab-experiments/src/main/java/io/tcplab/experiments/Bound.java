package io.tcplab.experiments;

import java.util.Locale;

/** What a run spends its time on, and so whether others may go on beside it. */
public enum Bound {
    /** Timers of the kernel: any number of runs side by side show the same. */
    WAITING,
    /** The processor: runs side by side would take from each other what is measured. */
    THROUGHPUT;

    /** {@code waiting} or {@code throughput}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
