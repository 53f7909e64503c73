package io.tcplab.kernel.ffm;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.tcplab.kernel.Release;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * A tracepoint's events on one processor, through a ring that the kernel writes and this process reads
 * (perf_event_open(2)).
 *
 * <p>The kernel publishes a record by moving data_head; it is read with acquire, so that the record is seen whole. The
 * reader frees space by moving data_tail, with release, so that the kernel does not overwrite what is still being read
 * (kernel/events/ring_buffer.c, perf_output_put_handle).
 *
 * <p>Used by one thread at a time. Ends with the process.
 */
public final class PerfRing implements AutoCloseable {
    /** The system call's number, by os.arch. */
    private static final Map<String, Long> PERF_EVENT_OPEN = Map.of("amd64", 298L, "aarch64", 241L, "riscv64", 241L);

    /** No system call has it: ENOSYS. */
    private static final long UNKNOWN_CALL = -1;

    // struct perf_event_attr, include/uapi/linux/perf_event.h; the size is that of PERF_ATTR_SIZE_VER5.
    private static final int ATTR_BYTES = 112;
    private static final int ATTR_TYPE = 0;
    private static final int ATTR_SIZE = 4;
    private static final int ATTR_CONFIG = 8;
    private static final int ATTR_SAMPLE_PERIOD = 16;
    private static final int ATTR_SAMPLE_TYPE = 24;
    private static final int ATTR_FLAGS = 40;
    private static final int ATTR_CLOCKID = 92;
    private static final int PERF_TYPE_TRACEPOINT = 2;
    private static final long PERF_SAMPLE_TID = 1 << 1;
    private static final long PERF_SAMPLE_TIME = 1 << 2;
    private static final long PERF_SAMPLE_RAW = 1 << 10;
    private static final long FLAG_DISABLED = 1;
    private static final long FLAG_USE_CLOCKID = 1 << 25;
    private static final int CLOCK_MONOTONIC = 1;
    private static final long PERF_FLAG_FD_CLOEXEC = 8;

    private static final long IOC_ENABLE = 0x2400;
    private static final long IOC_DISABLE = 0x2401;
    /** _IOW('$', 6, char *): the size of a pointer is part of the number. */
    private static final long IOC_SET_FILTER = 0x40082406;

    // struct perf_event_mmap_page
    private static final long DATA_HEAD = 1024;
    private static final long DATA_TAIL = 1032;

    private static final CFunction SYSCALL = CFunction.ofLong("syscall");
    private static final CFunction GETPAGESIZE = CFunction.ofInt("getpagesize");
    private static final VarHandle POSITION = JAVA_LONG.varHandle();

    private final int fd;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment header;
    private final PerfRecords records;
    private final int freeEvery;
    private long tail;
    private long samples;

    /** Takes a sample while the ring holds it: copy what is to be kept. */
    @FunctionalInterface
    public interface SampleHandler {
        /**
         * Takes one.
         *
         * @param atNanos CLOCK_MONOTONIC, as System.nanoTime
         * @param pid of the process that this processor ran: what it causes by a system call is its own; what a segment or a timer
         *     causes may happen while any process runs. 0 if it isn't in this process's pid namespace
         * @param buffer in native order, to be read with absolute offsets
         * @param offset where the tracepoint's raw record begins
         */
        void sample(long atNanos, int pid, ByteBuffer buffer, int offset);
    }

    private PerfRing(int fd, int ringBytes) {
        this.fd = fd;
        int pageBytes = pageBytes();
        if (Integer.bitCount(ringBytes) != 1 || ringBytes < pageBytes) {
            throw new IllegalArgumentException(
                    "a ring of " + ringBytes + " bytes: must be a power of two, at least a page of " + pageBytes);
        }
        MemorySegment mapped = SharedMapping.of(fd, (long) pageBytes + ringBytes, arena, "a perf event's ring");
        this.header = mapped.asSlice(0, pageBytes);
        this.records = new PerfRecords(
                mapped.asSlice(pageBytes, ringBytes).asByteBuffer().order(ByteOrder.nativeOrder()));
        this.freeEvery = ringBytes / 8;
    }

    /**
     * Opens a tracepoint on one processor. Nothing is recorded until {@link #enable}.
     *
     * @param tracepoint the number in its file "id"
     * @param filter in the language of Documentation/trace/events.rst, below a page's size; empty for none
     * @param ringBytes a power of two, at least a page
     * @throws io.tcplab.kernel.KernelException EACCES or EPERM without CAP_PERFMON in the initial user namespace, or
     *     above the limit of locked memory; EINVAL if the filter is wrong; ENODEV if the processor is offline
     */
    public static PerfRing open(long tracepoint, int cpu, String filter, int ringBytes) {
        int fd = openEvent(tracepoint, cpu);
        try {
            if (!filter.isEmpty()) {
                setFilter(fd, filter);
            }
            return new PerfRing(fd, ringBytes);
        } catch (RuntimeException e) {
            Libc.close(fd);
            throw e;
        }
    }

    /** Begins to record. */
    public void enable() {
        Libc.ioctl(fd, IOC_ENABLE, 0).orThrow("enable a perf event", "");
    }

    /** Ends recording; what is in the ring stays. */
    public void disable() {
        Libc.ioctl(fd, IOC_DISABLE, 0).orThrow("disable a perf event", "");
    }

    /** Takes all samples out of the ring, in the order in which this processor wrote them. */
    public void drain(SampleHandler handler) {
        drainUntil(Long.MAX_VALUE, handler);
    }

    /**
     * Takes samples out of the ring up to the first one that is later, which stays.
     *
     * @param lastNanos CLOCK_MONOTONIC
     */
    public void drainUntil(long lastNanos, SampleHandler handler) {
        long head = head();
        long freed = tail;
        SampleHandler counting = (atNanos, pid, buffer, offset) -> {
            samples++;
            handler.sample(atNanos, pid, buffer, offset);
        };
        while (tail < head && records.atNanos(tail) <= lastNanos) {
            tail = records.next(tail, counting);
            if (tail - freed >= freeEvery) {
                free();
                freed = tail;
            }
        }
        free();
    }

    /** When the ring's oldest sample was written, by CLOCK_MONOTONIC; Long.MAX_VALUE if there is none. */
    public long oldestNanos() {
        long head = head();
        while (tail < head && records.atNanos(tail) == PerfRecords.NO_SAMPLE) {
            tail = records.next(tail, (atNanos, pid, buffer, offset) -> {});
        }
        return tail < head ? records.atNanos(tail) : Long.MAX_VALUE;
    }

    private long head() {
        return (long) POSITION.getAcquire(header, DATA_HEAD);
    }

    private void free() {
        POSITION.setRelease(header, DATA_TAIL, tail);
    }

    /**
     * How many events the kernel counted but did not put into the ring. Exact once disabled and drained.
     *
     * <p>Not from its records of type LOST: those tell only what had no room, and only when the next event has; a
     * kernel may also drop a sample after counting it (perf_swevent_event in kernel/events/core.c). The count has each
     * event that passed the filter.
     */
    public long lost() {
        ByteBuffer count = Libc.buffer(Long.BYTES);
        Libc.read(fd, count).orThrow("read a perf event's count", "");
        return count.getLong(0) - samples;
    }

    @Override
    public void close() {
        Release.all(arena, () -> Libc.close(fd).orThrow("close a perf event", ""));
    }

    private static int pageBytes() {
        return GETPAGESIZE.call().intOrThrow("getpagesize", "");
    }

    private static int openEvent(long tracepoint, int cpu) {
        long number = PERF_EVENT_OPEN.getOrDefault(System.getProperty("os.arch"), UNKNOWN_CALL);
        try (Arena scratch = Arena.ofConfined()) {
            MemorySegment attr = scratch.allocate(ATTR_BYTES, Long.BYTES);
            attr.set(JAVA_INT, ATTR_TYPE, PERF_TYPE_TRACEPOINT);
            attr.set(JAVA_INT, ATTR_SIZE, ATTR_BYTES);
            attr.set(JAVA_LONG, ATTR_CONFIG, tracepoint);
            attr.set(JAVA_LONG, ATTR_SAMPLE_PERIOD, 1);
            attr.set(JAVA_LONG, ATTR_SAMPLE_TYPE, PERF_SAMPLE_TID | PERF_SAMPLE_TIME | PERF_SAMPLE_RAW);
            attr.set(JAVA_LONG, ATTR_FLAGS, FLAG_DISABLED | FLAG_USE_CLOCKID);
            attr.set(JAVA_INT, ATTR_CLOCKID, CLOCK_MONOTONIC);
            return SYSCALL.call(number, attr, -1, cpu, -1, PERF_FLAG_FD_CLOEXEC)
                    .intOrThrow("open a perf event on processor " + cpu, "");
        }
    }

    private static void setFilter(int fd, String filter) {
        byte[] text = (filter + "\0").getBytes(StandardCharsets.US_ASCII);
        Libc.ioctl(fd, IOC_SET_FILTER, Libc.buffer(text.length).put(text).flip())
                .orThrow("filter a perf event by \"" + filter + "\"", "");
    }
}
