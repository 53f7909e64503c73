package io.tcplab.kernel.limits;

import io.tcplab.kernel.ffm.ProcFile;
import java.util.Arrays;

/**
 * What all processors have done since boot, in ticks of a hundredth of a second (USER_HZ), added up: the first line of
 * {@code /proc/stat}, see proc(5). In a container it is the host's.
 *
 * @param idle ticks without anything to run, those with a disk's answer pending included
 * @param all ticks in all
 */
public record ProcessorTime(long idle, long all) {
    /** Columns after {@code cpu}: user nice system idle iowait irq softirq steal; what guests take is in user and nice. */
    private static final int COLUMNS = 8;

    private static final int IDLE = 3;
    private static final int IOWAIT = 4;

    /** Read now. */
    public static ProcessorTime now() {
        return parse(ProcFile.read("/proc/stat"));
    }

    /** Which part of the time since then the processors were idle, 0 to 1; 0 if no tick has passed. */
    public double idleSince(ProcessorTime before) {
        long passed = all - before.all;
        return passed <= 0 ? 0 : (double) (idle - before.idle) / passed;
    }

    static ProcessorTime parse(String stat) {
        String[] columns = stat.lines().findFirst().orElse("").split(" +", -1);
        if (!columns[0].equals("cpu") || columns.length <= COLUMNS) {
            throw new IllegalStateException("/proc/stat doesn't begin with the times of all processors");
        }
        long[] ticks = Arrays.stream(columns)
                .skip(1)
                .limit(COLUMNS)
                .mapToLong(Long::parseLong)
                .toArray();
        return new ProcessorTime(
                ticks[IDLE] + ticks[IOWAIT], Arrays.stream(ticks).sum());
    }
}
