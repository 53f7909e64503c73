package io.tcplab.kernel.processes;

import io.tcplab.kernel.MalformedException;

/**
 * A process or a thread: the first members of {@code /proc/PID/stat}, proc_pid_stat(5).
 *
 * @param id its pid, or the thread's tid
 * @param name its command's name, at most 15 bytes; threads have names of their own
 * @param state of a process, its first thread's
 * @param parent the pid of its parent
 * @param cpuTicks time spent in user and kernel mode, in {@link #TICKS_PER_SECOND}
 * @param startTicks when it started, in ticks since the machine did; with the pid it is unique
 */
public record ProcessStat(int id, String name, TaskState state, int parent, long cpuTicks, long startTicks) {
    /** USER_HZ, the unit in which /proc counts; 100 wherever Java runs. */
    public static final int TICKS_PER_SECOND = 100;

    // Members behind the name, counted from the state.
    private static final int PPID = 1;
    private static final int UTIME = 11;
    private static final int STIME = 12;
    private static final int STARTTIME = 19;

    /**
     * Reads a line of /proc/PID/stat. The name stands in parentheses and may hold any, blanks too.
     *
     * @throws MalformedException if it isn't such a line
     */
    static ProcessStat parse(String line) {
        return MalformedException.unlessRead("/proc/PID/stat", line, () -> read(line));
    }

    private static ProcessStat read(String line) {
        int open = line.indexOf('(');
        int close = line.lastIndexOf(')');
        if (open < 0 || close < open) {
            throw new IllegalArgumentException("not a line of /proc/PID/stat: " + line);
        }
        String[] rest = line.substring(close + 1).strip().split(" ", -1);
        return new ProcessStat(
                Integer.parseInt(line.substring(0, open).strip()),
                line.substring(open + 1, close),
                TaskState.of(rest[0].charAt(0)),
                Integer.parseInt(rest[PPID]),
                Long.parseLong(rest[UTIME]) + Long.parseLong(rest[STIME]),
                Long.parseLong(rest[STARTTIME]));
    }
}
