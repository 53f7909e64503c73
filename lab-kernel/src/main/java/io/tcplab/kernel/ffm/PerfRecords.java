package io.tcplab.kernel.ffm;

import io.tcplab.kernel.MalformedException;
import java.nio.ByteBuffer;

/**
 * The records in the ring of a perf event with sample type TID | TIME | RAW, include/uapi/linux/perf_event.h:
 *
 * <pre>
 * u32 type; u16 misc; u16 size;                          each record
 * u32 pid; u32 tid; u64 time; u32 raw_size; char raw[raw_size];    PERF_RECORD_SAMPLE
 * </pre>
 *
 * A record may reach over the ring's end. Records are padded to 8 bytes and the ring's size is a multiple of that, so a
 * header never does.
 */
final class PerfRecords {
    /** The time of a record that is no sample: it has none. */
    static final long NO_SAMPLE = Long.MIN_VALUE;

    private static final int PERF_RECORD_SAMPLE = 9;
    private static final int SIZE_OFFSET = 6;
    private static final int PID_OFFSET = 8;
    private static final int TIME_OFFSET = 16;
    private static final int RAW_OFFSET = 28;

    private final ByteBuffer ring;
    private final int mask;
    /** For a record that reaches over the end. Its size is a u16. */
    private final ByteBuffer straight;

    /**
     * @param ring a power of two of bytes, in native order
     */
    PerfRecords(ByteBuffer ring) {
        this.ring = ring;
        this.mask = ring.capacity() - 1;
        this.straight = ByteBuffer.allocate(1 << 16).order(ring.order());
    }

    /**
     * Hands one record to the handler if it is a sample; of what was lost the kernel keeps a better count than the
     * records of type LOST.
     *
     * @param position in bytes ever written to the ring
     * @return the next record's position
     * @throws MalformedException if the record's size can't be
     */
    long next(long position, PerfRing.SampleHandler handler) {
        int at = (int) position & mask;
        int size = Short.toUnsignedInt(ring.getShort(at + SIZE_OFFSET));
        boolean sample = isSample(at);
        if (size < (sample ? RAW_OFFSET : TIME_OFFSET) || size % Long.BYTES != 0 || size > ring.capacity()) {
            throw new MalformedException("a perf event's ring", at, "a record of " + size + " bytes");
        }
        if (sample) {
            if (at + size <= ring.capacity()) {
                handler.sample(ring.getLong(at + TIME_OFFSET), ring.getInt(at + PID_OFFSET), ring, at + RAW_OFFSET);
            } else {
                straighten(at, size);
                handler.sample(straight.getLong(TIME_OFFSET), straight.getInt(PID_OFFSET), straight, RAW_OFFSET);
            }
        }
        return position + size;
    }

    /**
     * When a record was written, by CLOCK_MONOTONIC; {@link #NO_SAMPLE} if it isn't a sample.
     *
     * @param position in bytes ever written to the ring
     */
    long atNanos(long position) {
        int at = (int) position & mask;
        return isSample(at) ? ring.getLong(at + TIME_OFFSET & mask) : NO_SAMPLE;
    }

    private boolean isSample(int at) {
        return ring.getInt(at) == PERF_RECORD_SAMPLE;
    }

    private void straighten(int at, int size) {
        int first = ring.capacity() - at;
        straight.put(0, ring, at, first);
        straight.put(first, ring, 0, size - first);
    }
}
