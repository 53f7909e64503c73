package io.tcplab.kernel.sockets;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A connection's addresses and ports, of which no other of the namespace has the same; an IPv4 address equals the same one
 * v4-mapped.
 */
record FourTuple(long localHigh, long localLow, long peerHigh, long peerLow, int ports) {
    private static final long V4_MAPPED = 0xffffL << Integer.SIZE;

    static FourTuple of(ByteBuffer message) {
        int local = message.position() + DiagMessages.SOCKID_SRC;
        int peer = message.position() + DiagMessages.SOCKID_DST;
        boolean v4 = DiagMessages.isV4(message);
        return new FourTuple(
                v4 ? 0 : bigEndian(message, local),
                v4 ? mapped(message, local) : bigEndian(message, local + Long.BYTES),
                v4 ? 0 : bigEndian(message, peer),
                v4 ? mapped(message, peer) : bigEndian(message, peer + Long.BYTES),
                DiagMessages.localPort(message) << Short.SIZE | DiagMessages.peerPort(message));
    }

    private static long bigEndian(ByteBuffer message, int at) {
        long value = message.getLong(at);
        return message.order() == ByteOrder.BIG_ENDIAN ? value : Long.reverseBytes(value);
    }

    private static long mapped(ByteBuffer message, int at) {
        int value = message.getInt(at);
        int address = message.order() == ByteOrder.BIG_ENDIAN ? value : Integer.reverseBytes(value);
        return V4_MAPPED | Integer.toUnsignedLong(address);
    }
}
