package io.tcplab.kernel.ffm;

import static io.tcplab.kernel.ffm.CFunctions.bindVariadic;
import static io.tcplab.kernel.ffm.CFunctions.capture;
import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
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

    private static final MethodHandle OPEN = bindVariadic("open", 2, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT);
    private static final MethodHandle CLOSE = CFunctions.bind("close", JAVA_INT, JAVA_INT);
    private static final MethodHandle READ = CFunctions.bind("read", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG);
    private static final MethodHandle PREAD =
            CFunctions.bind("pread", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_LONG);
    private static final MethodHandle WRITE = CFunctions.bind("write", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG);
    private static final MethodHandle POLL = CFunctions.bind("poll", JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT);
    private static final MethodHandle IOCTL_INT = bindVariadic("ioctl", 2, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG);
    private static final MethodHandle IOCTL_POINTER = bindVariadic("ioctl", 2, JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS);
    private static final MethodHandle SOCKET = CFunctions.bind("socket", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT);
    private static final MethodHandle BIND = CFunctions.bind("bind", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle SETSOCKOPT =
            CFunctions.bind("setsockopt", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle RECV = CFunctions.bind("recv", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT);
    private static final MethodHandle SEND = CFunctions.bind("send", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT);
    private static final MethodHandle UNSHARE = CFunctions.bind("unshare", JAVA_INT, JAVA_INT);
    private static final MethodHandle SETNS = CFunctions.bind("setns", JAVA_INT, JAVA_INT, JAVA_INT);

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
        return capture((errno, scratch) -> (int) OPEN.invokeExact(errno, scratch.allocateFrom(path), flags, 0));
    }

    /**
     * {@code close(2)}. The descriptor is gone even if this reports an error (close(2), "Dealing with error returns").
     */
    public static SysResult close(int fd) {
        return capture((errno, scratch) -> (int) CLOSE.invokeExact(errno, fd));
    }

    /** {@code read(2)}; the value is the number of bytes, 0 at the end of the file. */
    public static SysResult read(int fd, ByteBuffer into) {
        return transfer(into, (errno, bytes) -> (long) READ.invokeExact(errno, fd, bytes, bytes.byteSize()));
    }

    /** {@code pread(2)}: as {@link #read}, from an offset, leaving the file's own position alone. */
    public static SysResult pread(int fd, ByteBuffer into, long offset) {
        return transfer(into, (errno, bytes) -> (long) PREAD.invokeExact(errno, fd, bytes, bytes.byteSize(), offset));
    }

    /** {@code write(2)}; the value is the number of bytes written. */
    public static SysResult write(int fd, ByteBuffer from) {
        return transfer(from, (errno, bytes) -> (long) WRITE.invokeExact(errno, fd, bytes, bytes.byteSize()));
    }

    /**
     * {@code poll(2)} on one descriptor; the value is the events that came, 0 when the time is up.
     *
     * @param timeoutMillis negative to wait for ever
     */
    public static SysResult poll(int fd, int events, int timeoutMillis) {
        return capture((errno, scratch) -> pollOne(errno, scratch, fd, events, timeoutMillis));
    }

    /** {@code ioctl(2)} with an integer argument. */
    public static SysResult ioctl(int fd, long request, long argument) {
        return capture((errno, scratch) -> (int) IOCTL_INT.invokeExact(errno, fd, request, argument));
    }

    /** {@code ioctl(2)} with a pointer argument: a struct at the buffer's position. The position does not move. */
    public static SysResult ioctl(int fd, long request, ByteBuffer argument) {
        MemorySegment struct = MemorySegment.ofBuffer(argument);
        return capture((errno, scratch) -> (int) IOCTL_POINTER.invokeExact(errno, fd, request, struct));
    }

    /** {@code socket(2)} in the calling thread's network namespace; the value is the file descriptor. */
    public static SysResult socket(int family, int type, int protocol) {
        return capture((errno, scratch) -> (int) SOCKET.invokeExact(errno, family, type, protocol));
    }

    /** {@code bind(2)} to the sockaddr between the buffer's position and limit. The position does not move. */
    public static SysResult bind(int fd, ByteBuffer address) {
        MemorySegment sockaddr = MemorySegment.ofBuffer(address);
        return capture((errno, scratch) -> (int) BIND.invokeExact(errno, fd, sockaddr, address.remaining()));
    }

    /** {@code setsockopt(2)} with the value between the buffer's position and limit. The position does not move. */
    public static SysResult setsockopt(int fd, int level, int name, ByteBuffer value) {
        MemorySegment option = MemorySegment.ofBuffer(value);
        return capture(
                (errno, scratch) -> (int) SETSOCKOPT.invokeExact(errno, fd, level, name, option, value.remaining()));
    }

    /** {@code send(2)}; the value is the number of bytes that the kernel took. */
    public static SysResult send(int fd, ByteBuffer from, int flags) {
        return transfer(from, (errno, bytes) -> (long) SEND.invokeExact(errno, fd, bytes, bytes.byteSize(), flags));
    }

    /**
     * {@code recv(2)}; the value is the number of bytes, with {@link #MSG_TRUNC} that of the whole datagram even where
     * the buffer was too small for it.
     */
    public static SysResult recv(int fd, ByteBuffer into, int flags) {
        return transfer(into, (errno, bytes) -> (long) RECV.invokeExact(errno, fd, bytes, bytes.byteSize(), flags));
    }

    /**
     * {@code unshare(2)}: the calling thread gets new namespaces.
     *
     * @throws WrongThreadException on a virtual thread, whose carrier would keep the namespace for whoever runs on it
     *     next
     */
    public static SysResult unshare(int flags) {
        requirePlatformThread("unshare");
        return capture((errno, scratch) -> (int) UNSHARE.invokeExact(errno, flags));
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
        return capture((errno, scratch) -> (int) SETNS.invokeExact(errno, fd, type));
    }

    private static long pollOne(MemorySegment errno, Arena scratch, int fd, int events, int timeoutMillis)
            throws Throwable {
        MemorySegment pollfd = scratch.allocate(POLLFD);
        POLLFD_FD.set(pollfd, 0L, fd);
        POLLFD_EVENTS.set(pollfd, 0L, (short) events);
        int ready = (int) POLL.invokeExact(errno, pollfd, 1L, timeoutMillis);
        return ready < 0 ? ready : Short.toUnsignedInt((short) POLLFD_REVENTS.get(pollfd, 0L));
    }

    /** A call that reads or writes the bytes between a buffer's position and limit, and says how many. */
    @FunctionalInterface
    private interface Transfer {
        long call(MemorySegment errno, MemorySegment bytes) throws Throwable;
    }

    /** Does it, and moves the buffer's position past what was transferred. */
    private static SysResult transfer(ByteBuffer buffer, Transfer transfer) {
        MemorySegment bytes = MemorySegment.ofBuffer(buffer);
        SysResult result = capture((errno, scratch) -> transfer.call(errno, bytes));
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
