package io.tcplab.kernel.processes;

import java.util.OptionalLong;

/**
 * A thread at one moment, and the system call in which it waits ({@code /proc/PID/task/TID/syscall}).
 *
 * @param stat its state and CPU time
 * @param call the number of the call; -1 where it waits in none, or runs; {@link #UNKNOWN} where this user may not see
 * @param firstArgument of the call: for read, recv, accept and epoll_wait the file descriptor
 */
public record ThreadCall(ProcessStat stat, int call, long firstArgument) {
    /** Seeing calls needs the right to trace (PTRACE_MODE_ATTACH_FSCREDS, ptrace(2)); not even all own processes. */
    public static final int UNKNOWN = -2;

    /** The descriptor on which the thread waits in a call of this kind; empty if it waits in another. */
    public OptionalLong waitsOn(SystemCall kind) {
        return kind.is(call) ? OptionalLong.of(firstArgument & 0xffffffffL) : OptionalLong.empty();
    }

    /** Whether it waits in a call of this kind. */
    public boolean waitsIn(SystemCall kind) {
        return kind.is(call);
    }

    /** Reads a line of /proc/PID/task/TID/syscall: a number and arguments, or "running". */
    static ThreadCall of(ProcessStat stat, String line) {
        String[] words = line.strip().split(" ", -1);
        if (words.length < 2 || words[0].equals("running")) {
            return new ThreadCall(stat, -1, 0);
        }
        long argument = words[1].startsWith("0x") ? Long.parseUnsignedLong(words[1].substring(2), 16) : 0;
        return new ThreadCall(stat, Integer.parseInt(words[0]), argument);
    }
}
