package io.tcplab.kernel.ffm;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/**
 * The calls of a TCP socket that {@link Libc} has no use for itself; the same conventions hold: errno comes with the
 * result, buffers are direct.
 */
public final class SocketCalls {
    // include/linux/net.h, include/linux/socket.h, include/uapi/asm-generic/socket.h
    public static final int SOCK_STREAM = 1;
    public static final int SOCK_NONBLOCK = 0x800;
    public static final int MSG_NOSIGNAL = 0x4000;
    public static final int SHUT_WR = 1;
    public static final int IPPROTO_IP = 0;
    public static final int IPPROTO_TCP = 6;
    public static final int IPPROTO_MPTCP = 262;

    private static final CFunction CONNECT = CFunction.ofInt("connect");
    private static final CFunction LISTEN = CFunction.ofInt("listen");
    private static final CFunction ACCEPT4 = CFunction.ofInt("accept4");
    private static final CFunction SHUTDOWN = CFunction.ofInt("shutdown");
    private static final CFunction GETSOCKNAME = CFunction.ofInt("getsockname");
    private static final CFunction GETPEERNAME = CFunction.ofInt("getpeername");
    private static final CFunction GETSOCKOPT = CFunction.ofInt("getsockopt");

    private SocketCalls() {}

    /** {@code connect(2)} to the sockaddr between the buffer's position and limit. The position does not move. */
    public static SysResult connect(int fd, ByteBuffer address) {
        return CONNECT.call(fd, address, address.remaining());
    }

    /** {@code listen(2)}. */
    public static SysResult listen(int fd, int backlog) {
        return LISTEN.call(fd, backlog);
    }

    /**
     * {@code accept4(2)}; the value is the new descriptor. It lives in the listener's network namespace, whatever the
     * calling thread's.
     *
     * @param flags for example {@link #SOCK_NONBLOCK}
     */
    public static SysResult accept(int fd, int flags) {
        return ACCEPT4.call(fd, MemorySegment.NULL, MemorySegment.NULL, flags);
    }

    /** {@code shutdown(2)}. */
    public static SysResult shutdown(int fd, int how) {
        return SHUTDOWN.call(fd, how);
    }

    /** {@code getsockname(2)}: fills the buffer from its position with a sockaddr. The position does not move. */
    public static SysResult getsockname(int fd, ByteBuffer into) {
        return GETSOCKNAME.call(fd, into, length(into));
    }

    /** {@code getpeername(2)}: fills the buffer from its position with a sockaddr. The position does not move. */
    public static SysResult getpeername(int fd, ByteBuffer into) {
        return GETPEERNAME.call(fd, into, length(into));
    }

    /** {@code getsockopt(2)}: fills the buffer from its position with the value. The position does not move. */
    public static SysResult getsockopt(int fd, int level, int name, ByteBuffer into) {
        return GETSOCKOPT.call(fd, level, name, into, length(into));
    }

    /** A {@code socklen_t *}: how much room there is, and then how much was filled. */
    private static ByteBuffer length(ByteBuffer into) {
        return Libc.buffer(Integer.BYTES).putInt(into.remaining()).flip();
    }
}
