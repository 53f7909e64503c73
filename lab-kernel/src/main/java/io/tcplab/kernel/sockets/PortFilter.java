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
    // enum in include/uapi/linux/inet_diag.h
    private static final int INET_DIAG_BC_JMP = 1;
    private static final int INET_DIAG_BC_S_GE = 2;
    private static final int INET_DIAG_BC_S_LE = 3;
    private static final int INET_DIAG_BC_D_GE = 4;
    private static final int INET_DIAG_BC_D_LE = 5;
    /** Since Linux 4.16, as the next. */
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

    /** Bytecode that accepts sockets of which neither port reaches this one. */
    static byte[] below(int port) {
        ByteBuffer code = ByteBuffer.allocate(2 * COMPARISON_BYTES).order(ByteOrder.nativeOrder());
        compare(code, INET_DIAG_BC_S_LE, port - 1);
        compare(code, INET_DIAG_BC_D_LE, port - 1);
        return code.array();
    }

    /**
     * Bytecode that accepts the others: those of which a port is this one or a higher one. What holds must go on with the
     * next operation (inet_diag_bc_audit()), so that "or" takes a jump behind the first.
     */
    static byte[] from(int port) {
        ByteBuffer code = ByteBuffer.allocate(2 * COMPARISON_BYTES + OP_BYTES).order(ByteOrder.nativeOrder());
        operation(code, INET_DIAG_BC_S_GE, COMPARISON_BYTES + OP_BYTES, port);
        code.put((byte) INET_DIAG_BC_JMP).put((byte) OP_BYTES).putShort((short) (OP_BYTES + COMPARISON_BYTES));
        compare(code, INET_DIAG_BC_D_GE, port);
        return code.array();
    }

    private static void compare(ByteBuffer code, int operation, int port) {
        operation(code, operation, code.remaining() + OP_BYTES, port);
    }

    private static void operation(ByteBuffer code, int operation, int ifNot, int port) {
        code.put((byte) operation).put((byte) COMPARISON_BYTES).putShort((short) ifNot);
        code.putShort((short) 0).putShort((short) port);
    }
}
