package io.tcplab.kernel.sockets;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PortFilterTest {
    @Test
    void noPortsNeedNoCode() {
        assertThat(PortFilter.compile(OptionalInt.empty(), OptionalInt.empty())).isEmpty();
    }

    @Test
    void onePortIsOneComparison() {
        assertThat(ops(PortFilter.compile(OptionalInt.of(9000), OptionalInt.empty())))
                .containsExactly(11, 8, 12, 0, 0, 9000);
        assertThat(ops(PortFilter.compile(OptionalInt.empty(), OptionalInt.of(65_535))))
                .containsExactly(12, 8, 12, 0, 0, 65_535);
    }

    @Test
    void theFirstOfTwoComparisonsRejectsAcrossTheSecond() {
        assertThat(ops(PortFilter.compile(OptionalInt.of(1), OptionalInt.of(2))))
                .containsExactly(11, 8, 20, 0, 0, 1, 12, 8, 12, 0, 0, 2);
    }

    @ParameterizedTest
    @CsvSource({"80, 9, true", "80, 8, false", "81, 9, false", "81, 8, false"})
    void acceptsWhatHasBothPorts(int local, int peer, boolean accepted) {
        assertThat(run(PortFilter.compile(OptionalInt.of(80), OptionalInt.of(9)), local, peer))
                .isEqualTo(accepted);
    }

    /** The operations as code, yes, no. */
    private static int[] ops(byte[] code) {
        ByteBuffer bytes = ByteBuffer.wrap(code).order(ByteOrder.nativeOrder());
        int[] ops = new int[code.length / 4 * 3];
        for (int i = 0; i < ops.length; i += 3) {
            ops[i] = Byte.toUnsignedInt(bytes.get());
            ops[i + 1] = Byte.toUnsignedInt(bytes.get());
            ops[i + 2] = Short.toUnsignedInt(bytes.getShort());
        }
        return ops;
    }

    /** What inet_diag_bc_run() does with S_EQ and D_EQ. */
    private static boolean run(byte[] code, int local, int peer) {
        ByteBuffer bytes = ByteBuffer.wrap(code).order(ByteOrder.nativeOrder());
        int left = code.length;
        while (left > 0) {
            int at = code.length - left;
            int port = bytes.get(at) == 11 ? local : peer;
            boolean equal = Short.toUnsignedInt(bytes.getShort(at + 6)) == port;
            left -= equal ? bytes.get(at + 1) : bytes.getShort(at + 2);
        }
        return left == 0;
    }
}
