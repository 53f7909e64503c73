package io.tcplab.kernel.ffm;

import static io.tcplab.kernel.ffm.CFunctions.bind;
import static io.tcplab.kernel.ffm.CFunctions.capture;
import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
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

    private static final MethodHandle CONNECT = bind("connect", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle LISTEN = bind("listen", JAVA_INT, JAVA_INT, JAVA_INT);
    private static final MethodHandle ACCEPT4 = bind("accept4", JAVA_INT, JAVA_INT, ADDRESS, ADDRESS, JAVA_INT);
    private static final MethodHandle SEND = bind("send", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT);
    private static final MethodHandle SHUTDOWN = bind("shutdown", JAVA_INT, JAVA_INT, JAVA_INT);
    private static final MethodHandle GETSOCKNAME = bind("getsockname", JAVA_INT, JAVA_INT, ADDRESS, ADDRESS);
    private static final MethodHandle GETPEERNAME = bind("getpeername", JAVA_INT, JAVA_INT, ADDRESS, ADDRESS);
    private static final MethodHandle GETSOCKOPT =
            bind("getsockopt", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, ADDRESS);

    private SocketCalls() {}

    /** {@code connect(2)} to the sockaddr between the buffer's position and limit. The position does not move. */
    public static SysResult connect(int fd, ByteBuffer address) {
        MemorySegment sockaddr = MemorySegment.ofBuffer(address);
        return capture((errno, scratch) -> (int) CONNECT.invokeExact(errno, fd, sockaddr, address.remaining()));
    }

    /** {@code listen(2)}. */
    public static SysResult listen(int fd, int backlog) {
        return capture((errno, scratch) -> (int) LISTEN.invokeExact(errno, fd, backlog));
    }

    /**
     * {@code accept4(2)}; the value is the new descriptor. It lives in the listener's network namespace, whatever the
     * calling thread's.
     *
     * @param flags for example {@link #SOCK_NONBLOCK}
     */
    public static SysResult accept(int fd, int flags) {
        return capture((errno, scratch) ->
                (int) ACCEPT4.invokeExact(errno, fd, MemorySegment.NULL, MemorySegment.NULL, flags));
    }

    /** {@code send(2)}; the value is the number of bytes that the kernel took. */
    public static SysResult send(int fd, ByteBuffer from, int flags) {
        MemorySegment bytes = MemorySegment.ofBuffer(from);
        SysResult result =
                capture((errno, scratch) -> (long) SEND.invokeExact(errno, fd, bytes, bytes.byteSize(), flags));
        if (!result.failed()) {
            from.position(from.position() + Math.toIntExact(result.value()));
        }
        return result;
    }

    /** {@code shutdown(2)}. */
    public static SysResult shutdown(int fd, int how) {
        return capture((errno, scratch) -> (int) SHUTDOWN.invokeExact(errno, fd, how));
    }

    /** {@code getsockname(2)}: fills the buffer from its position with a sockaddr. The position does not move. */
    public static SysResult getsockname(int fd, ByteBuffer into) {
        MemorySegment sockaddr = MemorySegment.ofBuffer(into);
        return capture((errno, scratch) ->
                (int) GETSOCKNAME.invokeExact(errno, fd, sockaddr, length(scratch, into.remaining())));
    }

    /** {@code getpeername(2)}: fills the buffer from its position with a sockaddr. The position does not move. */
    public static SysResult getpeername(int fd, ByteBuffer into) {
        MemorySegment sockaddr = MemorySegment.ofBuffer(into);
        return capture((errno, scratch) ->
                (int) GETPEERNAME.invokeExact(errno, fd, sockaddr, length(scratch, into.remaining())));
    }

    /** {@code getsockopt(2)}: fills the buffer from its position with the value. The position does not move. */
    public static SysResult getsockopt(int fd, int level, int name, ByteBuffer into) {
        MemorySegment value = MemorySegment.ofBuffer(into);
        return capture((errno, scratch) ->
                (int) GETSOCKOPT.invokeExact(errno, fd, level, name, value, length(scratch, into.remaining())));
    }

    /** A {@code socklen_t *}: how much room there is, and then how much was filled. */
    private static MemorySegment length(Arena scratch, int room) {
        return scratch.allocateFrom(JAVA_INT, room);
    }
}
