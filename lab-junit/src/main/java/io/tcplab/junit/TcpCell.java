package io.tcplab.junit;

import io.tcplab.kernel.KernelException;
import io.tcplab.kernel.netns.Namespace;
import io.tcplab.kernel.netns.VethLink;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * A network of two hosts, {@link #client} and {@link #server}, joined by a link. Each has sysctls, sockets, counters and
 * addresses of its own. The addresses are the same in every cell: cells don't see one another.
 *
 * <p>It ends with the JVM at the latest, however the JVM ends.
 */
public final class TcpCell implements AutoCloseable {
    private final TcpHost client;
    private final TcpHost server;

    private TcpCell(TcpHost client, TcpHost server) {
        this.client = client;
        this.server = server;
    }

    /**
     * Makes a cell. With {@link InCell} there is no need to.
     *
     * @throws CellUnavailableException if this user can't, here
     */
    public static TcpCell open() {
        Deque<AutoCloseable> made = new ArrayDeque<>();
        try {
            TcpHost client = host(Role.CLIENT, 1, made);
            TcpHost server = host(Role.SERVER, 2, made);
            VethLink.join(client.end(), server.end());
            return new TcpCell(client, server);
        } catch (KernelException e) {
            Closing.all(made, e);
            throw new CellUnavailableException(e);
        }
    }

    private static TcpHost host(Role role, int number, Deque<AutoCloseable> made) {
        Namespace namespace = Namespace.create(role.lowerCase());
        made.push(namespace);
        TcpHost host = new TcpHost(role, namespace, "10.77.0." + number, "fd77::" + number);
        made.push(host);
        return host;
    }

    /** Where the test's body runs, and its connections start. */
    public TcpHost client() {
        return client;
    }

    /** Where what is tested usually runs. */
    public TcpHost server() {
        return server;
    }

    /** One of the two. */
    public TcpHost host(Role role) {
        return switch (role) {
            case CLIENT -> client;
            case SERVER -> server;
        };
    }

    /** Ends the programs started in the cell, and lets go of its hosts. */
    @Override
    public void close() {
        try (client) {
            server.close();
        }
    }
}
