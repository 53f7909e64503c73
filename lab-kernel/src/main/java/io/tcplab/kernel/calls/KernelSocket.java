package io.tcplab.kernel.calls;

import io.tcplab.kernel.Errno;
import io.tcplab.kernel.Release;
import io.tcplab.kernel.calls.CallResult.Done;
import io.tcplab.kernel.calls.CallResult.Failed;
import io.tcplab.kernel.ffm.Libc;
import io.tcplab.kernel.ffm.SocketCalls;
import io.tcplab.kernel.ffm.SysResult;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** A socket of this process. Its descriptor never blocks: waiting is poll(2)'s. */
final class KernelSocket implements Socket {
    // include/uapi/asm-generic/socket.h
    private static final int SO_ERROR = 4;
    private static final int SO_LINGER = 13;

    /** poll(2) doesn't hear of Thread.interrupt, so it comes up for air this often; events end it at once. */
    private static final int BREATH_MILLIS = 50;

    /** What this machine lacks or forbids. An answer of TCP's is never among them, so none of them is evidence. */
    private static final Set<Errno> OF_THIS_MACHINE =
            EnumSet.of(Errno.EINTR, Errno.EPERM, Errno.EMFILE, Errno.ENFILE, Errno.ENOMEM, Errno.ENOBUFS, Errno.ENOSPC);

    private final Sockets owner;
    private final int fd;
    private boolean closed;

    KernelSocket(Sockets owner, int fd) {
        this.owner = owner;
        this.fd = fd;
    }

    @Override
    public synchronized CallResult<Boolean> bind(InetSocketAddress address) {
        return CallResult.of(answer("bind", Libc.bind(openFd(), Sockaddr.encode(address))));
    }

    @Override
    public synchronized CallResult<Boolean> listen(int backlog) {
        return CallResult.of(answer("listen", SocketCalls.listen(openFd(), backlog)));
    }

    @Override
    public synchronized CallResult<Boolean> startConnect(InetSocketAddress address) {
        return CallResult.of(answer("connect", SocketCalls.connect(openFd(), Sockaddr.encode(address))));
    }

    @Override
    public synchronized CallResult<Boolean> finishConnect(Duration within) throws InterruptedException {
        if (!ready(Libc.POLLOUT, System.nanoTime() + within.toNanos())) {
            return new Failed<>(Errno.EINPROGRESS);
        }
        return error().<CallResult<Boolean>>map(Failed::new).orElseGet(() -> new Done<>(true));
    }

    @Override
    public synchronized CallResult<Socket> accept(Duration within) throws InterruptedException {
        SysResult result = waiting(
                Libc.POLLIN, within, () -> SocketCalls.accept(openFd(), Libc.SOCK_CLOEXEC | SocketCalls.SOCK_NONBLOCK));
        answer("accept", result);
        return result.failed() ? new Failed<>(result.error()) : new Done<>(owner.keep(Math.toIntExact(result.value())));
    }

    @Override
    public synchronized CallResult<Integer> send(byte[] bytes) {
        ByteBuffer buffer = Libc.buffer(bytes.length).put(bytes).flip();
        SysResult result = answer("send", Libc.send(openFd(), buffer, SocketCalls.MSG_NOSIGNAL));
        return result.failed() ? new Failed<>(result.error()) : new Done<>(Math.toIntExact(result.value()));
    }

    @Override
    public synchronized CallResult<byte[]> receive(int most, Duration within) throws InterruptedException {
        ByteBuffer buffer = Libc.buffer(most);
        SysResult result = answer("recv", waiting(Libc.POLLIN, within, () -> Libc.recv(openFd(), buffer, 0)));
        if (result.failed()) {
            return new Failed<>(result.error());
        }
        byte[] bytes = new byte[buffer.flip().remaining()];
        buffer.get(bytes);
        return new Done<>(bytes);
    }

    @Override
    public synchronized CallResult<Boolean> shutdownOutput() {
        return CallResult.of(answer("shutdown", SocketCalls.shutdown(openFd(), SocketCalls.SHUT_WR)));
    }

    @Override
    public synchronized CallResult<Boolean> set(SocketOption option, int value) {
        return set(option.level(), option.number(), value);
    }

    @Override
    public synchronized CallResult<Boolean> linger(int seconds) {
        // struct linger: int l_onoff, int l_linger (include/linux/socket.h)
        return seconds < 0 ? set(Libc.SOL_SOCKET, SO_LINGER, 0, 0) : set(Libc.SOL_SOCKET, SO_LINGER, 1, seconds);
    }

    @Override
    public synchronized Optional<Errno> error() {
        ByteBuffer value = Libc.buffer(Integer.BYTES);
        SocketCalls.getsockopt(openFd(), Libc.SOL_SOCKET, SO_ERROR, value).orThrow("getsockopt SO_ERROR", "");
        int number = value.getInt(0);
        return number == 0 ? Optional.empty() : Optional.of(Errno.of(number));
    }

    @Override
    public synchronized InetSocketAddress local() {
        ByteBuffer address = Sockaddr.empty();
        SocketCalls.getsockname(openFd(), address).orThrow("getsockname", "");
        return Sockaddr.decode(address);
    }

    @Override
    public synchronized CallResult<InetSocketAddress> peer() {
        ByteBuffer address = Sockaddr.empty();
        SysResult result = answer("getpeername", SocketCalls.getpeername(openFd(), address));
        return result.failed() ? new Failed<>(result.error()) : new Done<>(Sockaddr.decode(address));
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            owner.forget(this);
            Libc.close(fd).orThrow("close a TCP socket", "");
        }
    }

    /** Closes by RST, so that no orphan remains to keep its namespace alive. */
    synchronized void abort() {
        if (!closed) {
            Release.all(() -> linger(0), this);
        }
    }

    /**
     * A result that TCP may have brought about.
     *
     * @throws io.tcplab.kernel.KernelException if it was this machine
     */
    private static SysResult answer(String call, SysResult result) {
        if (result.failed() && OF_THIS_MACHINE.contains(result.error())) {
            result.orThrow(call + " on a TCP socket", "this says something about the machine, nothing about TCP");
        }
        return result;
    }

    private CallResult<Boolean> set(int level, int name, int... words) {
        ByteBuffer value = Libc.buffer(words.length * Integer.BYTES);
        Arrays.stream(words).forEach(value::putInt);
        return CallResult.of(answer("setsockopt", Libc.setsockopt(openFd(), level, name, value.flip())));
    }

    /** Makes a call until it is something else than "not yet", or the time is up. */
    private SysResult waiting(int event, Duration within, Supplier<SysResult> call) throws InterruptedException {
        long deadline = System.nanoTime() + within.toNanos();
        SysResult result = call.get();
        while (result.failedWith(Errno.EAGAIN) && ready(event, deadline)) {
            result = call.get();
        }
        return result;
    }

    /** Waits for an event, an error among them; false if the time is up. */
    private boolean ready(int event, long deadline) throws InterruptedException {
        while (true) {
            if (Thread.interrupted()) {
                throw new InterruptedException("while waiting for a TCP socket");
            }
            long left = Math.max(0, deadline - System.nanoTime());
            int millis = (int) Math.min(BREATH_MILLIS, (left + 999_999) / 1_000_000);
            SysResult events = Libc.poll(openFd(), event, millis);
            // poll(2) is never restarted after a signal, whatever SA_RESTART says (signal(7)).
            if (!events.failedWith(Errno.EINTR) && events.orThrow("poll a TCP socket", "") != 0) {
                return true;
            }
            if (left == 0) {
                return false;
            }
        }
    }

    private int openFd() {
        if (closed) {
            throw new IllegalStateException("the socket is closed");
        }
        return fd;
    }
}
