package io.tcplab.kernel.ffm;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The functions of libc that the lab calls, each with the errno of that very call in its result.
 *
 * <p>Buffers must be direct. A call that reads or writes uses the bytes from the buffer's position to its limit, and
 * advances the position by what was transferred, as {@link java.nio.channels.ByteChannel}s do. No call is retried on
 * EINTR: the JVM installs its handlers with SA_RESTART.
 */
public final class Libc {
    // Flags of open(2), include/uapi/asm-generic/fcntl.h.
    public static final int O_RDONLY = 0;
    public static final int O_WRONLY = 1;
    public static final int O_CLOEXEC = 0x80000;

    // Events of poll(2), include/uapi/asm-generic/poll.h.
    public static final int POLLIN = 0x1;
    public static final int POLLOUT = 0x4;

    // Flags of unshare(2) and setns(2), include/uapi/linux/sched.h.
    public static final int CLONE_NEWNET = 0x40000000;

    // Socket families, types and flags, include/linux/socket.h.
    public static final int AF_INET = 2;
    public static final int AF_INET6 = 10;
    public static final int AF_NETLINK = 16;
    public static final int AF_PACKET = 17;
    public static final int SOCK_DGRAM = 2;
    public static final int SOCK_RAW = 3;
    public static final int SOCK_CLOEXEC = 0x80000;
    public static final int MSG_TRUNC = 0x20;
    public static final int MSG_DONTWAIT = 0x40;

    // Levels and names of setsockopt(2), include/uapi/asm-generic/socket.h and include/linux/socket.h.
    public static final int SOL_SOCKET = 1;
    public static final int SO_RCVBUF = 8;
    public static final int SO_RCVTIMEO = 20;
    public static final int SO_RCVBUFFORCE = 33;
    public static final int SOL_NETLINK = 270;

    private static final CFunction OPEN = CFunction.ofInt("open");
    private static final CFunction CLOSE = CFunction.ofInt("close");
    private static final CFunction READ = CFunction.ofLong("read");
    private static final CFunction PREAD = CFunction.ofLong("pread");
    private static final CFunction WRITE = CFunction.ofLong("write");
    private static final CFunction POLL = CFunction.ofInt("poll");
    private static final CFunction IOCTL = CFunction.ofInt("ioctl");
    private static final CFunction SOCKET = CFunction.ofInt("socket");
    private static final CFunction BIND = CFunction.ofInt("bind");
    private static final CFunction SETSOCKOPT = CFunction.ofInt("setsockopt");
    private static final CFunction RECV = CFunction.ofLong("recv");
    private static final CFunction SEND = CFunction.ofLong("send");
    private static final CFunction UNSHARE = CFunction.ofInt("unshare");
    private static final CFunction SETNS = CFunction.ofInt("setns");

    // struct pollfd, include/uapi/asm-generic/poll.h.
    private static final StructLayout POLLFD = MemoryLayout.structLayout(
            JAVA_INT.withName("fd"), JAVA_SHORT.withName("events"), JAVA_SHORT.withName("revents"));
    private static final VarHandle POLLFD_FD = POLLFD.varHandle(MemoryLayout.PathElement.groupElement("fd"));
    private static final VarHandle POLLFD_EVENTS = POLLFD.varHandle(MemoryLayout.PathElement.groupElement("events"));
    private static final VarHandle POLLFD_REVENTS = POLLFD.varHandle(MemoryLayout.PathElement.groupElement("revents"));

    private Libc() {}

    /** A buffer that the calls here accept: direct, in native byte order, freed with its last reference. */
    public static ByteBuffer buffer(int bytes) {
        return ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
    }

    /** {@code open(2)}; the value is the file descriptor. Creates no file. */
    public static SysResult open(String path, int flags) {
        return OPEN.call(path, flags, 0);
    }

    /**
     * {@code close(2)}. The descriptor is gone even if this reports an error (close(2), "Dealing with error returns").
     */
    public static SysResult close(int fd) {
        return CLOSE.call(fd);
    }

    /** {@code read(2)}; the value is the number of bytes, 0 at the end of the file. */
    public static SysResult read(int fd, ByteBuffer into) {
        return advanced(into, READ.call(fd, into, into.remaining()));
    }

    /** {@code pread(2)}: as {@link #read}, from an offset, leaving the file's own position alone. */
    public static SysResult pread(int fd, ByteBuffer into, long offset) {
        return advanced(into, PREAD.call(fd, into, into.remaining(), offset));
    }

    /** {@code write(2)}; the value is the number of bytes written. */
    public static SysResult write(int fd, ByteBuffer from) {
        return advanced(from, WRITE.call(fd, from, from.remaining()));
    }

    /**
     * {@code poll(2)} on one descriptor; the value is the events that came, 0 when the time is up.
     *
     * @param timeoutMillis negative to wait for ever
     */
    public static SysResult poll(int fd, int events, int timeoutMillis) {
        try (Arena scratch = Arena.ofConfined()) {
            MemorySegment pollfd = scratch.allocate(POLLFD);
            POLLFD_FD.set(pollfd, 0L, fd);
            POLLFD_EVENTS.set(pollfd, 0L, (short) events);
            SysResult polled = POLL.call(pollfd, 1, timeoutMillis);
            int came = Short.toUnsignedInt((short) POLLFD_REVENTS.get(pollfd, 0L));
            return polled.failed() ? polled : new SysResult(came, 0);
        }
    }

    /** {@code ioctl(2)} with an integer argument. */
    public static SysResult ioctl(int fd, long request, long argument) {
        return IOCTL.call(fd, request, argument);
    }

    /** {@code ioctl(2)} with a pointer argument: a struct at the buffer's position. The position does not move. */
    public static SysResult ioctl(int fd, long request, ByteBuffer argument) {
        return IOCTL.call(fd, request, argument);
    }

    /** {@code socket(2)} in the calling thread's network namespace; the value is the file descriptor. */
    public static SysResult socket(int family, int type, int protocol) {
        return SOCKET.call(family, type, protocol);
    }

    /** {@code bind(2)} to the sockaddr between the buffer's position and limit. The position does not move. */
    public static SysResult bind(int fd, ByteBuffer address) {
        return BIND.call(fd, address, address.remaining());
    }

    /** {@code setsockopt(2)} with the value between the buffer's position and limit. The position does not move. */
    public static SysResult setsockopt(int fd, int level, int name, ByteBuffer value) {
        return SETSOCKOPT.call(fd, level, name, value, value.remaining());
    }

    /** {@code send(2)}; the value is the number of bytes that the kernel took. */
    public static SysResult send(int fd, ByteBuffer from, int flags) {
        return advanced(from, SEND.call(fd, from, from.remaining(), flags));
    }

    /**
     * {@code recv(2)}; the value is the number of bytes, with {@link #MSG_TRUNC} that of the whole datagram even where
     * the buffer was too small for it.
     */
    public static SysResult recv(int fd, ByteBuffer into, int flags) {
        return advanced(into, RECV.call(fd, into, into.remaining(), flags));
    }

    /**
     * {@code unshare(2)}: the calling thread gets new namespaces.
     *
     * @throws WrongThreadException on a virtual thread, whose carrier would keep the namespace for whoever runs on it
     *     next
     */
    public static SysResult unshare(int flags) {
        requirePlatformThread("unshare");
        return UNSHARE.call(flags);
    }

    /**
     * {@code setns(2)}: the calling thread enters a namespace.
     *
     * @param type which kind the descriptor must be, for example {@link #CLONE_NEWNET}; 0 for any
     * @throws WrongThreadException on a virtual thread, whose carrier would keep the namespace for whoever runs on it
     *     next
     */
    public static SysResult setns(int fd, int type) {
        requirePlatformThread("setns");
        return SETNS.call(fd, type);
    }

    /** Moves the buffer's position past what a call transferred. */
    private static SysResult advanced(ByteBuffer buffer, SysResult result) {
        if (!result.failed()) {
            long transferred = Math.min(result.value(), buffer.remaining());
            buffer.position(buffer.position() + Math.toIntExact(transferred));
        }
        return result;
    }

    private static void requirePlatformThread(String call) {
        if (Thread.currentThread().isVirtual()) {
            throw new WrongThreadException(call + " on virtual thread " + Thread.currentThread()
                    + ": it would move the carrier; use a platform thread, for example of Namespace.threadFactory");
        }
    }
}
