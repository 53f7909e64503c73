package io.tcplab.kernel.ffm;

import io.tcplab.kernel.MalformedException;
import io.tcplab.kernel.support.FuzzTarget;
import io.tcplab.kernel.support.FuzzTests;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.List;

/** Any bytes in a perf event's ring. */
class PerfRecordsFuzzTest extends FuzzTests {
    private static final int RING_BYTES = 512;

    /** See PerfRecordsTest: a sample, a record of lost ones, and the sample again. */
    private static final byte[] RECORDS = HexFormat.of()
            .parseHex("0900000001006000154e51f0520600004c000000ef08000109750000001122334"
                    + "48fffff020000000100000026abd3840a0006000ac900010ac9010100000000000000000000ffff0ac90001"
                    + "00000000000000000000ffff0ac9010100000000"
                    + "020000000000180001000000000000000700000000000000"
                    + "0900000001006000154e51f0520600004c000000ef08000109750000001122334"
                    + "48fffff020000000100000026abd3840a0006000ac900010ac9010100000000000000000000ffff0ac90001"
                    + "00000000000000000000ffff0ac9010100000000");

    static List<FuzzTarget> targets() {

        return List.of(new FuzzTarget(
                "perf ring",
                List.of(RECORDS),
                bytes -> {
                    ByteBuffer ring = ByteBuffer.allocate(RING_BYTES).order(ByteOrder.LITTLE_ENDIAN);
                    ring.put(0, bytes, 0, Math.min(RING_BYTES, bytes.length));
                    PerfRecords records = new PerfRecords(ring);
                    long head = Math.min(RING_BYTES, bytes.length) & -Long.BYTES;
                    for (long at = 0; at < head; ) {
                        at = records.next(at, (atNanos, pid, buffer, offset) -> buffer.getInt(offset));
                    }
                },
                MalformedException.class));
    }
}
