package io.tcplab.kernel.calls;

import io.tcplab.kernel.Errno;
import io.tcplab.kernel.KernelException;
import io.tcplab.kernel.Release;
import io.tcplab.kernel.ffm.Libc;
import io.tcplab.kernel.ffm.SocketCalls;
import io.tcplab.kernel.netns.Namespace;
import java.net.ProtocolFamily;
import java.net.StandardProtocolFamily;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Makes TCP sockets in a network namespace, and closes those that are left, accepted ones too. Any thread may use it. */
public final class Sockets implements AutoCloseable {
    private final Namespace namespace;
    private final Set<KernelSocket> open = ConcurrentHashMap.newKeySet();

    /** Makes none yet. The namespace remains the caller's. */
    public Sockets(Namespace namespace) {
        this.namespace = namespace;
    }

    /** A socket for IPv4. */
    public Socket open() {
        return open(StandardProtocolFamily.INET);
    }

    /**
     * {@code socket(2)} inside the namespace; from then on the socket lives there, whichever thread uses it.
     *
     * @throws KernelException EMFILE, ENFILE, ENOBUFS; EAFNOSUPPORT if the kernel has no IPv6
     */
    public Socket open(ProtocolFamily family) {
        return open(family, SocketCalls.IPPROTO_TCP, "open a TCP socket");
    }

    /**
     * An MPTCP socket for IPv4.
     *
     * @throws KernelException as {@link #open(ProtocolFamily)}; EPROTONOSUPPORT if the kernel has no MPTCP, ENOPROTOOPT if
     *     {@code net.mptcp.enabled} is 0
     */
    public Socket openMptcp() {
        return open(StandardProtocolFamily.INET, SocketCalls.IPPROTO_MPTCP, "open an MPTCP socket");
    }

    private Socket open(ProtocolFamily family, int protocol, String operation) {
        int number = family == StandardProtocolFamily.INET6 ? Libc.AF_INET6 : Libc.AF_INET;
        int type = SocketCalls.SOCK_STREAM | SocketCalls.SOCK_NONBLOCK | Libc.SOCK_CLOEXEC;
        return keep(namespace.call(() -> Libc.socket(number, type, protocol).intOrThrow(operation, Sockets::remedy)));
    }

    /** Closes what is open, by RST: what is closed here is no part of any story. */
    @Override
    public void close() {
        Release.all(open.stream().<AutoCloseable>map(socket -> socket::abort).toList());
    }

    Socket keep(int fd) {
        KernelSocket socket = new KernelSocket(this, fd);
        open.add(socket);
        return socket;
    }

    void forget(KernelSocket socket) {
        open.remove(socket);
    }

    private static String remedy(Errno errno) {
        return switch (errno) {
            case EMFILE, ENFILE -> "close files or raise the limit (ulimit -n)";
            case EPROTONOSUPPORT -> "needs a kernel with CONFIG_MPTCP";
            case ENOPROTOOPT -> "needs net.mptcp.enabled=1";
            default -> "";
        };
    }
}
