package io.tcplab.compare.run;

/**
 * One run of one setting.
 *
 * @param trial 1 for the first; 0 for a run that warms up, and doesn't count
 */
public record PlannedRun(PlannedSetting planned, int trial) {

    /** Whether what it measures is thrown away. */
    public boolean isWarmUp() {
        return trial == 0;
    }
}
