package io.tcplab.kernel.ffm;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.tcplab.kernel.Errno;
import io.tcplab.kernel.Release;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;

/**
 * Waits until one of several descriptors can be read, in ppoll(2), whose timeout has the kernel's high-resolution
 * timers behind it. For one waiting thread; another one may end the waiting.
 */
public final class Poller implements AutoCloseable {
    // struct pollfd and struct timespec, include/uapi/asm-generic/poll.h and include/uapi/linux/time.h
    private static final int POLLFD_BYTES = 8;
    private static final int POLLFD_EVENTS = 4;
    private static final int TIMESPEC_BYTES = 16;
    private static final int TIMESPEC_NSEC = 8;

    // include/linux/eventfd.h
    private static final int EFD_CLOEXEC = Libc.O_CLOEXEC;

    /** Nothing waits longer than this in one call: whatever should wake it up and doesn't costs a second, not the run. */
    private static final long BREATH_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final CFunction PPOLL = CFunction.ofInt("ppoll");
    private static final CFunction EVENTFD = CFunction.ofInt("eventfd");

    private final Arena arena = Arena.ofShared();
    private final MemorySegment pollfds;
    private final MemorySegment timeout = arena.allocate(TIMESPEC_BYTES, Long.BYTES);
    private final long count;
    private final int stopFd;

    private Poller(int stopFd, int... fds) {
        this.stopFd = stopFd;
        this.count = fds.length + 1L;
        this.pollfds = arena.allocate(count * POLLFD_BYTES, Integer.BYTES);
        for (int i = 0; i < fds.length; i++) {
            watch(i, fds[i]);
        }
        watch(fds.length, stopFd);
    }

    /** For these descriptors, which stay the caller's to close. */
    public static Poller of(int... fds) {
        int stopFd = EVENTFD.call(0, EFD_CLOEXEC)
                .intOrThrow("make an eventfd", "close files or raise the limit (ulimit -n)");
        return new Poller(stopFd, fds);
    }

    /**
     * Waits until a descriptor is ready, the time is up, or {@link #stop} has been called. May come back early.
     *
     * @param nanos negative if there is no limit
     */
    public void await(long nanos) {
        long atMost = nanos < 0 ? BREATH_NANOS : Math.min(nanos, BREATH_NANOS);
        timeout.set(JAVA_LONG, 0, TimeUnit.NANOSECONDS.toSeconds(atMost));
        timeout.set(JAVA_LONG, TIMESPEC_NSEC, atMost % TimeUnit.SECONDS.toNanos(1));
        SysResult result = PPOLL.call(pollfds, count, timeout, MemorySegment.NULL);
        // Never restarted after a signal, whatever the handler's flags say (signal(7)).
        if (!result.failedWith(Errno.EINTR)) {
            result.orThrow("poll", "");
        }
    }

    /** Ends the waiting, now and for good; in a second, if the kernel refuses. From any thread. */
    public void stop() {
        ByteBuffer one = Libc.buffer(Long.BYTES).putLong(1).flip();
        // If this is refused, the waiting thread looks up after a breath; its owner told it to end before this call.
        Libc.write(stopFd, one);
    }

    @Override
    public void close() {
        Release.all(arena, () -> Libc.close(stopFd).orThrow("close an eventfd", ""));
    }

    private void watch(int index, int fd) {
        pollfds.set(JAVA_INT, (long) index * POLLFD_BYTES, fd);
        pollfds.set(JAVA_INT, (long) index * POLLFD_BYTES + POLLFD_EVENTS, Libc.POLLIN);
    }
}
