package io.tcplab.kernel.sockets;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.stream.Stream;

/**
 * A census as the kernel wrote it, to be decoded elsewhere: nothing that the kernel said is lost on the way, and there is
 * one decoder only.
 *
 * @param atNanos as in {@link Census}, on the clock of the machine that asked
 * @param messages a {@code struct inet_diag_msg} with its attributes for each socket, in that machine's byte order
 * @param mptcp the same for each MPTCP socket, with what its subflow tells: see {@link TcpSocket}
 * @param complete as in {@link Census}
 */
public record RawCensus(long atNanos, List<byte[]> messages, List<byte[]> mptcp, boolean complete) {
    public RawCensus {
        messages = List.copyOf(messages);
        mptcp = List.copyOf(mptcp);
    }

    /** What it says, on a machine of the same byte order. */
    public Census decode() {
        List<TcpSocket> sockets = Stream.concat(
                        messages.stream().map(message -> decode(Protocol.TCP, message)),
                        mptcp.stream().map(message -> decode(Protocol.MPTCP, message)))
                .toList();
        return new Census(atNanos, sockets, complete);
    }

    private static TcpSocket decode(Protocol protocol, byte[] message) {
        return DiagMessages.socket(protocol, ByteBuffer.wrap(message).order(ByteOrder.nativeOrder()));
    }
}
