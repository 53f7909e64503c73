package io.tcplab.kernel.ffm;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class PerfRecordsTest {
    private static final int RING_BYTES = 256;

    /**
     * Captured on Linux 6.18, x86-64: SYN_SENT → ESTABLISHED from 10.201.0.1:43814. Only the socket's address in the
     * kernel is made up.
     */
    private static final byte[] SAMPLE = HexFormat.of()
            .parseHex(
                    "0900000001006800" // type, misc, size
                            + "6b1200006d120000" // pid, tid
                            + "154e51f052060000" // time
                            + "4c000000" // raw size, then the tracepoint's record
                            + "ef08000109750000"
                            + "00112233448fffff" // skaddr
                            + "0200000001000000" // oldstate, newstate
                            + "26abd384" // sport, dport
                            + "0a0006000ac900010ac90101"
                            + "00000000000000000000ffff0ac90001"
                            + "00000000000000000000ffff0ac90101"
                            + "00000000");

    private static final byte[] LOST =
            HexFormat.of().parseHex("0200000000001800" + "0100000000000000" + "0700000000000000");

    private record Sample(long atNanos, int pid, long skaddr, int from, int to, int localPort) {}

    private final ByteBuffer ring = ByteBuffer.allocate(RING_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private final List<Sample> samples = new ArrayList<>();

    @Test
    void handsOutSamples() {
        put(0, SAMPLE);
        assertThat(records().next(0, this::add)).isEqualTo(SAMPLE.length);
        assertThat(samples).containsExactly(new Sample(6_953_288_945_173L, 0x126b, 0xffff8f4433221100L, 2, 1, 43_814));
    }

    @Test
    void aRecordMayReachOverTheEnd() {
        for (int at = 8; at < RING_BYTES; at += 8) {
            samples.clear();
            put(at, SAMPLE);
            // The position counts on, round after round.
            long position = 7L * RING_BYTES + at;
            assertThat(records().next(position, this::add)).isEqualTo(position + SAMPLE.length);
            assertThat(samples).hasSize(1).allMatch(sample -> sample.skaddr == 0xffff8f4433221100L && sample.to == 1);
        }
    }

    @Test
    void passesOverOtherRecords() {
        put(0, LOST);
        put(LOST.length, SAMPLE);
        long next = records().next(0, this::add);
        assertThat(next).isEqualTo(LOST.length);
        assertThat(samples).isEmpty();
        assertThat(records().next(next, this::add)).isEqualTo(LOST.length + SAMPLE.length);
        assertThat(samples).hasSize(1);
    }

    @Test
    void aSamplesTimeIsReadWhereverItIs() {
        put(0, LOST);
        assertThat(records().atNanos(0)).isEqualTo(PerfRecords.NO_SAMPLE);
        for (int at = 8; at < RING_BYTES; at += 8) {
            put(at, SAMPLE);
            assertThat(records().atNanos(3L * RING_BYTES + at)).isEqualTo(6_953_288_945_173L);
        }
    }

    private PerfRecords records() {
        return new PerfRecords(ring);
    }

    private void put(int at, byte[] record) {
        for (int i = 0; i < record.length; i++) {
            ring.put((at + i) % RING_BYTES, record[i]);
        }
    }

    private void add(long atNanos, int pid, ByteBuffer buffer, int offset) {
        samples.add(new Sample(
                atNanos,
                pid,
                buffer.getLong(offset + 8),
                buffer.getInt(offset + 16),
                buffer.getInt(offset + 20),
                Short.toUnsignedInt(buffer.getShort(offset + 24))));
    }
}
