package io.tcplab.kernel.transitions;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Two addresses, as the tracepoint has them: IPv6, or IPv4 mapped to it. */
record Endpoints(long localHigh, long localLow, long peerHigh, long peerLow) {
    static Endpoints read(ByteBuffer buffer, int local, int peer) {
        return new Endpoints(
                buffer.getLong(local),
                buffer.getLong(local + Long.BYTES),
                buffer.getLong(peer),
                buffer.getLong(peer + Long.BYTES));
    }

    InetAddress local() {
        return address(localHigh, localLow);
    }

    InetAddress peer() {
        return address(peerHigh, peerLow);
    }

    private static InetAddress address(long high, long low) {
        // The halves were read in native order, so writing them in native order gives the bytes back as they were.
        byte[] bytes = new byte[2 * Long.BYTES];
        ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder()).putLong(high).putLong(low);
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new AssertionError("16 bytes are an address", e);
        }
    }
}
