package io.tcplab.kernel.sockets;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.OptionalInt;

/**
 * Compiles ports to the bytecode that the kernel runs on each socket of a dump: {@code struct inet_diag_bc_op},
 * include/uapi/linux/inet_diag.h, run by inet_diag_bc_run() in net/ipv4/inet_diag.c.
 *
 * <p>An operation says how many bytes to skip forward if it holds, and how many if not. Arriving exactly at the end
 * accepts the socket; jumping four bytes past the end rejects it.
 */
final class PortFilter {
    // enum in include/uapi/linux/inet_diag.h; both since Linux 4.16
    private static final int INET_DIAG_BC_S_EQ = 11;
    private static final int INET_DIAG_BC_D_EQ = 12;

    /** A struct inet_diag_bc_op. */
    private static final int OP_BYTES = 4;

    /** A comparison, and behind it an operation that only holds the port. */
    private static final int COMPARISON_BYTES = 2 * OP_BYTES;

    private PortFilter() {}

    /** Bytecode that accepts sockets with these ports; no bytes if there is nothing to compare. */
    static byte[] compile(OptionalInt localPort, OptionalInt peerPort) {
        int comparisons = (localPort.isPresent() ? 1 : 0) + (peerPort.isPresent() ? 1 : 0);
        ByteBuffer code = ByteBuffer.allocate(comparisons * COMPARISON_BYTES).order(ByteOrder.nativeOrder());
        localPort.ifPresent(port -> compare(code, INET_DIAG_BC_S_EQ, port));
        peerPort.ifPresent(port -> compare(code, INET_DIAG_BC_D_EQ, port));
        return code.array();
    }

    private static void compare(ByteBuffer code, int operation, int port) {
        int reject = code.remaining() + OP_BYTES;
        code.put((byte) operation).put((byte) COMPARISON_BYTES).putShort((short) reject);
        code.putShort((short) 0).putShort((short) port);
    }
}
