package io.tcplab.kernel.processes;

import java.util.Map;
import java.util.Set;

/** The system calls that tell what a thread waits for. */
public enum SystemCall {
    /** read, recvfrom, recvmsg, readv: it waits for data of one descriptor. */
    READ,
    /** write, sendto, sendmsg, writev: it waits for room in one descriptor's send buffer. */
    WRITE,
    /** accept, accept4. */
    ACCEPT,
    /** epoll_wait, epoll_pwait, epoll_pwait2: the descriptor is the epoll's. */
    EPOLL_WAIT,
    /** poll, ppoll, select, pselect6: it waits for some of many. */
    POLL,
    /** io_uring_enter: the descriptor is the ring's. */
    IO_URING,
    /** futex, futex_waitv: a lock, a condition, an idle thread of a pool. */
    FUTEX,
    /** nanosleep, clock_nanosleep. */
    SLEEP,
    /** wait4, waitid: for a child to end. */
    WAIT_CHILD;

    /** arch/x86/entry/syscalls/syscall_64.tbl. */
    private static final Map<SystemCall, Set<Integer>> X86 = Map.of(
            READ, Set.of(0, 45, 47, 19),
            WRITE, Set.of(1, 44, 46, 20),
            ACCEPT, Set.of(43, 288),
            EPOLL_WAIT, Set.of(232, 281, 441),
            POLL, Set.of(7, 271, 23, 270),
            IO_URING, Set.of(426),
            FUTEX, Set.of(202, 449),
            SLEEP, Set.of(35, 230),
            WAIT_CHILD, Set.of(61, 247));

    /** include/uapi/asm-generic/unistd.h, which arm64 goes by. */
    private static final Map<SystemCall, Set<Integer>> GENERIC = Map.of(
            READ, Set.of(63, 207, 212, 65),
            WRITE, Set.of(64, 206, 211, 66),
            ACCEPT, Set.of(202, 242),
            EPOLL_WAIT, Set.of(22, 441),
            POLL, Set.of(73, 72),
            IO_URING, Set.of(426),
            FUTEX, Set.of(98, 449),
            SLEEP, Set.of(101, 115),
            WAIT_CHILD, Set.of(260, 95));

    private static final Map<SystemCall, Set<Integer>> HERE =
            System.getProperty("os.arch", "").equals("amd64") ? X86 : GENERIC;

    boolean is(int number) {
        return HERE.getOrDefault(this, Set.of()).contains(number);
    }
}
