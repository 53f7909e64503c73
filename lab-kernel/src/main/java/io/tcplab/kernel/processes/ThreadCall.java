package io.tcplab.kernel.processes;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * A thread at one moment, and the system call in which it waits ({@code /proc/PID/task/TID/syscall}, collect_syscall() in
 * lib/syscall.c).
 *
 * <p>A thread that is stopped, traced or frozen still shows the call in which it was when that began: it isn't waiting there, it
 * does nothing at all. See {@link Suspension}.
 *
 * @param stat its state and CPU time
 * @param call the number of the call; -1 where it waits in none, or runs; {@link #UNKNOWN} where this user may not see
 * @param firstArgument of the call: for read, recv, accept and epoll_wait the file descriptor
 * @param waitChannel the kernel's function in which it sleeps ({@code wchan}), asked for only where the call is unknown: that
 *     needs less of a right (PTRACE_MODE_READ_FSCREDS: own processes that haven't changed their user). Functions are called
 *     otherwise in other kernels. Empty if it runs or this user may not see that either
 */
public record ThreadCall(ProcessStat stat, int call, long firstArgument, Optional<String> waitChannel) {
    /** Seeing calls needs the right to trace (PTRACE_MODE_ATTACH_FSCREDS, ptrace(2)); not even all own processes. */
    public static final int UNKNOWN = -2;

    /** What wchan says of a thread that runs, and to those who may not see. */
    private static final String NO_CHANNEL = "0";

    /** Without a wait channel. */
    public ThreadCall(ProcessStat stat, int call, long firstArgument) {
        this(stat, call, firstArgument, Optional.empty());
    }

    /** A thread whose call this user may not see. */
    static ThreadCall unknown(ProcessStat stat, Optional<String> waitChannel) {
        return new ThreadCall(
                stat,
                UNKNOWN,
                0,
                waitChannel.map(String::strip).filter(name -> !name.isEmpty() && !name.equals(NO_CHANNEL)));
    }

    /** The descriptor on which the thread waits in a call of this kind; empty if it waits in another. */
    public OptionalLong waitsOn(SystemCall kind) {
        return kind.is(call) ? OptionalLong.of(firstArgument & 0xffffffffL) : OptionalLong.empty();
    }

    /** Whether it waits in a call of this kind. */
    public boolean waitsIn(SystemCall kind) {
        return kind.is(call);
    }

    /**
     * Whether it was asleep in a system call, or for a disk, whatever the call is. An event loop's thread, which waits for work, is so,
     * too.
     */
    public boolean isAsleep() {
        return stat.state() == TaskState.DISK_SLEEP || (stat.state() == TaskState.SLEEPING && call >= 0);
    }

    /** The call's name, if it is one of {@link SystemCall}: "epoll_wait". */
    public Optional<String> name() {
        return SystemCall.name(call);
    }

    /**
     * Whether it is a thread of an io_uring's, made by the kernel: iou-wrk-PID does what would block, iou-sqp-PID takes requests
     * without system calls (create_io_thread() in kernel/fork.c). It runs none of the program's code and is in no call.
     */
    public boolean isOfRing() {
        return stat.name().startsWith("iou-");
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
