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

    @ParameterizedTest
    @CsvSource({"80, 49999, true", "49999, 80, true", "80, 50000, false", "50000, 80, false", "50001, 50001, false"})
    void partsByTheHigherPort(int local, int peer, boolean below) {
        assertThat(run(PortFilter.below(50_000), local, peer)).isEqualTo(below);
        assertThat(run(PortFilter.from(50_000), local, peer)).isEqualTo(!below);
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

    /** What inet_diag_bc_run() does. */
    private static boolean run(byte[] code, int local, int peer) {
        ByteBuffer bytes = ByteBuffer.wrap(code).order(ByteOrder.nativeOrder());
        int left = code.length;
        while (left > 0) {
            int at = code.length - left;
            boolean holds = holds(bytes, at, local, peer);
            left -= holds ? bytes.get(at + 1) : bytes.getShort(at + 2);
        }
        return left == 0;
    }

    private static boolean holds(ByteBuffer bytes, int at, int local, int peer) {
        int operation = bytes.get(at);
        if (operation == 1) {
            return false;
        }
        int port = Short.toUnsignedInt(bytes.getShort(at + 6));
        return switch (operation) {
            case 2 -> local >= port;
            case 3 -> local <= port;
            case 4 -> peer >= port;
            case 5 -> peer <= port;
            case 11 -> local == port;
            case 12 -> peer == port;
            default -> throw new AssertionError("operation " + operation);
        };
    }
}
