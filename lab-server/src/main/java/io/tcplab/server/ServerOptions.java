package io.tcplab.server;

import io.tcplab.transport.Transport;
import java.net.InetSocketAddress;

/**
 * How a server listens, whatever it does with its connections.
 *
 * @param bind where it listens; port 0 lets the kernel choose
 * @param backlog the second argument of {@code listen(2)}, from 0 up; the kernel takes at most
 *     {@code net.core.somaxconn} and queues one connection more than that
 * @param reuseAddress SO_REUSEADDR of the listener: without it, binding fails with EADDRINUSE while a connection of the
 *     same local port is in TIME_WAIT
 * @param transport how Netty talks to the kernel
 * @param eventLoops how many threads serve the connections; the first of them accepts, too
 */
public record ServerOptions(
        InetSocketAddress bind, int backlog, boolean reuseAddress, Transport transport, int eventLoops) {

    /** What {@code net.core.somaxconn} has been since Linux 5.4: so the kernel's limit is the one that counts. */
    private static final int DEFAULT_BACKLOG = 4096;

    public ServerOptions {
        Checks.require(!bind.isUnresolved(), "address " + bind.getHostString() + " is not resolved: use an IP address");
        Checks.require(backlog >= 0, "backlog " + backlog + " is negative");
        Checks.atLeastOne("event loops", eventLoops);
    }

    /** One epoll loop, a backlog of 4096, SO_REUSEADDR. */
    public static ServerOptions at(InetSocketAddress bind) {
        return new ServerOptions(bind, DEFAULT_BACKLOG, true, Transport.EPOLL, 1);
    }

    public ServerOptions withBind(InetSocketAddress value) {
        return new ServerOptions(value, backlog, reuseAddress, transport, eventLoops);
    }

    public ServerOptions withBacklog(int value) {
        return new ServerOptions(bind, value, reuseAddress, transport, eventLoops);
    }

    public ServerOptions withReuseAddress(boolean value) {
        return new ServerOptions(bind, backlog, value, transport, eventLoops);
    }

    public ServerOptions withTransport(Transport value) {
        return new ServerOptions(bind, backlog, reuseAddress, value, eventLoops);
    }

    public ServerOptions withEventLoops(int value) {
        return new ServerOptions(bind, backlog, reuseAddress, transport, value);
    }
}
