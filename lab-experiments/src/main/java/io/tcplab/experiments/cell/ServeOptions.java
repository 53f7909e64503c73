package io.tcplab.experiments.cell;

import io.tcplab.transport.Transport;

/**
 * How a server listens.
 *
 * @param backlog the second argument of listen(2); the queue holds one more, and no more than somaxconn + 1
 * @param transport how Netty talks to the kernel
 */
public record ServeOptions(int backlog, Transport transport) {

    /** As Netty would have it on a host with the kernel's default somaxconn, by epoll. */
    public static ServeOptions defaults() {
        return new ServeOptions(4096, Transport.EPOLL);
    }

    /** The same with another backlog. */
    public ServeOptions withBacklog(int other) {
        return new ServeOptions(other, transport);
    }

    /** The same by another transport. */
    public ServeOptions withTransport(Transport other) {
        return new ServeOptions(backlog, other);
    }
}
