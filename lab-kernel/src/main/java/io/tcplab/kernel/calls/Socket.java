package io.tcplab.kernel.calls;

import io.tcplab.kernel.Errno;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;

/**
 * One TCP socket, driven call by call. A call is made on the kernel as it stands, nothing is retried or hidden; so a socket
 * in another process can be driven by messages that say the same.
 *
 * <p>Calls that wait end with what a blocking call with SO_RCVTIMEO ends with when the time is up: EAGAIN, or EINPROGRESS
 * for a connect. One call is under way at a time; another thread's waits for its end.
 */
public interface Socket extends AutoCloseable {

    /** {@code bind(2)}; port 0 leaves the choice to the kernel. */
    CallResult<Boolean> bind(InetSocketAddress address);

    /** {@code listen(2)}. */
    CallResult<Boolean> listen(int backlog);

    /** {@code connect(2)} that doesn't wait: the answer is EINPROGRESS once the SYN is out. */
    CallResult<Boolean> startConnect(InetSocketAddress address);

    /** Waits for the end of a connect that was started, and says how it ended. */
    CallResult<Boolean> finishConnect(Duration within) throws InterruptedException;

    /** {@code connect(2)}. */
    default CallResult<Boolean> connect(InetSocketAddress address, Duration within) throws InterruptedException {
        CallResult<Boolean> started = startConnect(address);
        return started.errno().filter(Errno.EINPROGRESS::equals).isPresent() ? finishConnect(within) : started;
    }

    /** {@code accept(2)}. */
    CallResult<Socket> accept(Duration within) throws InterruptedException;

    /** {@code send(2)} of what the kernel takes without waiting; the value says how much that was. */
    CallResult<Integer> send(byte[] bytes);

    /** As {@link #send(byte[])}, with this many zero bytes. */
    default CallResult<Integer> send(int count) {
        return send(new byte[count]);
    }

    /** {@code recv(2)} of what there is, as soon as there is something; no bytes at all are the end of the stream. */
    CallResult<byte[]> receive(int most, Duration within) throws InterruptedException;

    /** {@code shutdown(2)} with SHUT_WR: a FIN goes out after what was sent. */
    CallResult<Boolean> shutdownOutput();

    /** {@code setsockopt(2)}. */
    CallResult<Boolean> set(SocketOption option, int value);

    /** {@code setsockopt(2)} with SO_LINGER: 0 s makes close() a RST, less than 0 switches lingering off. */
    CallResult<Boolean> linger(int seconds);

    /** The error that is pending on the socket, SO_ERROR. Asking clears it. */
    Optional<Errno> error();

    /** {@code getsockname(2)}; the wildcard and port 0 as long as it isn't bound. */
    InetSocketAddress local();

    /** The port of {@link #local()}. */
    default int port() {
        return local().getPort();
    }

    /** {@code getpeername(2)}. */
    CallResult<InetSocketAddress> peer();

    /** {@code close(2)}. May be called again. */
    @Override
    void close();

    /** SO_REUSEADDR. */
    default CallResult<Boolean> reuseAddress(boolean on) {
        return set(SocketOption.SO_REUSEADDR, on ? 1 : 0);
    }

    /** IP_BIND_ADDRESS_NO_PORT. */
    default CallResult<Boolean> bindAddressNoPort(boolean on) {
        return set(SocketOption.IP_BIND_ADDRESS_NO_PORT, on ? 1 : 0);
    }

    /** TCP_NODELAY. */
    default CallResult<Boolean> noDelay(boolean on) {
        return set(SocketOption.TCP_NODELAY, on ? 1 : 0);
    }

    /** TCP_QUICKACK. */
    default CallResult<Boolean> quickAck(boolean on) {
        return set(SocketOption.TCP_QUICKACK, on ? 1 : 0);
    }

    /** TCP_LINGER2, in seconds. */
    default CallResult<Boolean> linger2(int seconds) {
        return set(SocketOption.TCP_LINGER2, seconds);
    }

    /** TCP_USER_TIMEOUT. */
    default CallResult<Boolean> userTimeout(Duration timeout) {
        return set(SocketOption.TCP_USER_TIMEOUT, Math.toIntExact(timeout.toMillis()));
    }

    /** SO_RCVBUF, in bytes. */
    default CallResult<Boolean> receiveBuffer(int bytes) {
        return set(SocketOption.SO_RCVBUF, bytes);
    }

    /** SO_SNDBUF, in bytes. */
    default CallResult<Boolean> sendBuffer(int bytes) {
        return set(SocketOption.SO_SNDBUF, bytes);
    }

    /** SO_KEEPALIVE, with the times that the host's sysctls say (tcp_keepalive_time, _intvl, _probes). */
    default CallResult<Boolean> keepalive() {
        return set(SocketOption.SO_KEEPALIVE, 1);
    }

    /** SO_KEEPALIVE with its times, in whole seconds; the result is the first refusal, if there is one. */
    default CallResult<Boolean> keepalive(Duration idle, Duration interval, int count) {
        CallResult<Boolean> result = set(SocketOption.TCP_KEEPIDLE, Math.toIntExact(idle.toSeconds()));
        result = result.ok() ? set(SocketOption.TCP_KEEPINTVL, Math.toIntExact(interval.toSeconds())) : result;
        result = result.ok() ? set(SocketOption.TCP_KEEPCNT, count) : result;
        return result.ok() ? keepalive() : result;
    }
}
