package io.tcplab.kernel.processes;

import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The system calls that tell what a thread waits for. */
public enum SystemCall {
    /** It waits for data of one descriptor, not only of a socket. */
    READ,
    /** It waits for room in one descriptor's send buffer. */
    WRITE,
    /** It waits for a connection of one listener. */
    ACCEPT,
    /** It waits for the peer's SYN-ACK. */
    CONNECT,
    /** The descriptor is the epoll's. */
    EPOLL_WAIT,
    /** It waits for some of many; the kernel doesn't say which: the first argument isn't a descriptor. */
    POLL,
    /** The descriptor is the ring's. */
    IO_URING,
    /** A lock, a condition, an idle thread of a pool. */
    FUTEX,
    /** A lock on a file, as PHP takes it for a session; fcntl has other uses, which don't wait. */
    FILE_LOCK,
    /** A file that doesn't answer: a FIFO that nobody opens at its other end, a disk, a server of files; a close() that lingers. */
    FILE,
    /** Until a time. */
    SLEEP,
    /** For a signal. */
    SIGNAL,
    /** For a child to end, or to go its own way after vfork() (wait_for_vfork_done() in kernel/fork.c). */
    WAIT_CHILD,
    /**
     * A wait with a time limit that goes on after a stop: what it was, the number no longer tells (get_nr_restart_syscall() in
     * arch/x86/kernel/signal.c).
     */
    RESTARTED;

    /** The number of a call that arm64 hasn't. */
    private static final int NONE = Integer.MIN_VALUE;

    /** Of x86-64 by arch/x86/entry/syscalls/syscall_64.tbl; arm64 goes by include/uapi/asm-generic/unistd.h. */
    private static final Map<Integer, Call> HERE = Stream.of(
                    new Call(READ, "read", 0, 63),
                    new Call(READ, "readv", 19, 65),
                    new Call(READ, "recvfrom", 45, 207),
                    new Call(READ, "recvmsg", 47, 212),
                    new Call(READ, "recvmmsg", 299, 243),
                    new Call(WRITE, "write", 1, 64),
                    new Call(WRITE, "writev", 20, 66),
                    new Call(WRITE, "sendfile", 40, 71),
                    new Call(WRITE, "sendto", 44, 206),
                    new Call(WRITE, "sendmsg", 46, 211),
                    new Call(WRITE, "sendmmsg", 307, 269),
                    new Call(ACCEPT, "accept", 43, 202),
                    new Call(ACCEPT, "accept4", 288, 242),
                    new Call(CONNECT, "connect", 42, 203),
                    new Call(EPOLL_WAIT, "epoll_wait", 232, NONE),
                    new Call(EPOLL_WAIT, "epoll_pwait", 281, 22),
                    new Call(EPOLL_WAIT, "epoll_pwait2", 441, 441),
                    new Call(POLL, "poll", 7, NONE),
                    new Call(POLL, "ppoll", 271, 73),
                    new Call(POLL, "select", 23, NONE),
                    new Call(POLL, "pselect6", 270, 72),
                    new Call(IO_URING, "io_uring_enter", 426, 426),
                    new Call(FUTEX, "futex", 202, 98),
                    new Call(FUTEX, "futex_waitv", 449, 449),
                    new Call(FUTEX, "futex_wait", 455, 455),
                    new Call(FILE_LOCK, "fcntl", 72, 25),
                    new Call(FILE_LOCK, "flock", 73, 32),
                    new Call(FILE, "open", 2, NONE),
                    new Call(FILE, "close", 3, 57),
                    new Call(FILE, "pread64", 17, 67),
                    new Call(FILE, "pwrite64", 18, 68),
                    new Call(FILE, "fsync", 74, 82),
                    new Call(FILE, "fdatasync", 75, 83),
                    new Call(FILE, "openat", 257, 56),
                    new Call(SLEEP, "nanosleep", 35, 101),
                    new Call(SLEEP, "clock_nanosleep", 230, 115),
                    new Call(SIGNAL, "pause", 34, NONE),
                    new Call(SIGNAL, "rt_sigsuspend", 130, 133),
                    new Call(SIGNAL, "rt_sigtimedwait", 128, 137),
                    new Call(WAIT_CHILD, "wait4", 61, 260),
                    new Call(WAIT_CHILD, "waitid", 247, 95),
                    new Call(WAIT_CHILD, "vfork", 58, NONE),
                    new Call(WAIT_CHILD, "clone", 56, 220),
                    new Call(WAIT_CHILD, "clone3", 435, 435),
                    new Call(RESTARTED, "restart_syscall", 219, 128))
            .filter(call -> call.number() != NONE)
            .collect(Collectors.toUnmodifiableMap(Call::number, Function.identity()));

    /** One call, and its numbers on both machines that the lab knows. */
    private record Call(SystemCall kind, String name, int x86, int generic) {
        int number() {
            return System.getProperty("os.arch", "").equals("amd64") ? x86 : generic;
        }
    }

    boolean is(int number) {
        Call call = HERE.get(number);
        return call != null && call.kind == this;
    }

    /** The name of a call with this number: "recvfrom". Empty if it is none of these. */
    static Optional<String> name(int number) {
        return Optional.ofNullable(HERE.get(number)).map(Call::name);
    }
}
