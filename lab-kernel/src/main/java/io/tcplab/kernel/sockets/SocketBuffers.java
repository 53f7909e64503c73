package io.tcplab.kernel.sockets;

import java.nio.ByteBuffer;

/**
 * What a full socket's buffers take and may take, in bytes: {@code sk_get_meminfo()} in net/core/sock.c, the array
 * SK_MEMINFO_* of include/uapi/linux/sock_diag.h. Behind each member stands the letter by which {@code ss -m} prints it.
 *
 * <p>Memory is counted as it is allocated ("truesize"): a segment of one byte takes a whole buffer with its head.
 *
 * @param received received and not read: in order, and out of order (r)
 * @param receiveLimit SO_RCVBUF, or what the kernel has made of it (rb)
 * @param inTransit handed to the device and not yet sent by it; data shares its memory with {@code unacknowledged} (t)
 * @param sendLimit SO_SNDBUF, or what the kernel has made of it (tb)
 * @param reserved charged to the socket beforehand, and used by nothing yet (f)
 * @param unacknowledged written, and not yet acknowledged by the peer (w)
 * @param options ancillary data: socket filters, options (o)
 * @param backlog arrived while a process held the socket (bl)
 * @param drops segments that found no room (d); a count
 */
public record SocketBuffers(
        long received,
        long receiveLimit,
        long inTransit,
        long sendLimit,
        long reserved,
        long unacknowledged,
        long options,
        long backlog,
        long drops) {
    private static final int MEMBERS = 9;

    /** Older kernels than 4.6 have one member less. */
    static final int BYTES = MEMBERS * Integer.BYTES;

    static SocketBuffers read(ByteBuffer message, int at) {
        long[] members = new long[MEMBERS];
        for (int i = 0; i < MEMBERS; i++) {
            members[i] = Integer.toUnsignedLong(message.getInt(at + i * Integer.BYTES));
        }
        return of(members);
    }

    /** From its members, in the kernel's order (SK_MEMINFO_VARS). */
    public static SocketBuffers of(long[] members) {
        return new SocketBuffers(
                members[0],
                members[1],
                members[2],
                members[3],
                members[4],
                members[5],
                members[6],
                members[7],
                members[8]);
    }

    /**
     * What is allocated for this socket's data: neither what is only reserved, nor what is in transit, which is counted as
     * unacknowledged already, or is an ACK that is gone at once.
     */
    public long allocated() {
        return received + unacknowledged + options + backlog;
    }
}
