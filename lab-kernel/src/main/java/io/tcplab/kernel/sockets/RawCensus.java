package io.tcplab.kernel.sockets;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * A census as the kernel wrote it, to be decoded elsewhere: nothing that the kernel said is lost on the way, and there is
 * one decoder only.
 *
 * @param atNanos as in {@link Census}, on the clock of the machine that asked
 * @param messages a {@code struct inet_diag_msg} with its attributes for each socket, in that machine's byte order
 * @param complete as in {@link Census}
 */
public record RawCensus(long atNanos, List<byte[]> messages, boolean complete) {
    public RawCensus {
        messages = List.copyOf(messages);
    }

    /** What it says, on a machine of the same byte order. */
    public Census decode() {
        List<TcpSocket> sockets = messages.stream()
                .map(message -> DiagMessages.socket(ByteBuffer.wrap(message).order(ByteOrder.nativeOrder())))
                .toList();
        return new Census(atNanos, sockets, complete);
    }
}
