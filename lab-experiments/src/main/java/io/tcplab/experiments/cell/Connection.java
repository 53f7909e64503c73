package io.tcplab.experiments.cell;

import io.tcplab.experiments.Role;
import io.tcplab.kernel.calls.CallResult;
import io.tcplab.kernel.calls.Socket;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A connection that is made and driven call by call, with both its ends in hand.
 *
 * @param client the end that connected
 * @param server the end that was accepted
 */
public record Connection(Socket client, Socket server) {
    private static final Duration SOON = Duration.ofSeconds(10);

    /** A listener on the host's first address, on a port that the kernel chooses. */
    public static Socket listener(Host host, int backlog) {
        return listener(host, host.at(0), backlog);
    }

    /** A listener with SO_REUSEADDR, as servers have it. */
    public static Socket listener(Host host, InetSocketAddress address, int backlog) {
        Socket listener = host.socket();
        listener.reuseAddress(true).orThrow("setsockopt SO_REUSEADDR");
        listener.bind(address).orThrow("bind to " + address);
        listener.listen(backlog).orThrow("listen on " + address);
        return listener;
    }

    /** Connects from the host's first address, and accepts. */
    public static Connection open(Host client, Socket listener) throws InterruptedException {
        return open(socket(client), listener);
    }

    /** Accepts those that wait at this moment. */
    public static List<Socket> acceptAll(Socket listener) throws InterruptedException {
        List<Socket> accepted = new ArrayList<>();
        while (listener.accept(Duration.ZERO) instanceof CallResult.Done<Socket> next) {
            accepted.add(next.value());
        }
        return accepted;
    }

    /** A socket at the host's first address that leaves the choice of the port to connect(). */
    public static Socket socket(Host client) {
        Socket socket = client.socket();
        socket.bindAddressNoPort(true).orThrow("setsockopt IP_BIND_ADDRESS_NO_PORT");
        InetSocketAddress from = client.at(0);
        socket.bind(from).orThrow("bind to " + from);
        return socket;
    }

    /** A socket at the host's first address and on a port that is known before it connects. */
    public static Socket bound(Host client) {
        return bound(client, 0);
    }

    /** A socket at the host's first address and on this port; 0 leaves its choice to bind(). */
    public static Socket bound(Host client, int port) {
        Socket socket = client.socket();
        InetSocketAddress from = client.at(port);
        socket.bind(from).orThrow("bind to " + from);
        return socket;
    }

    /** Connects this socket, with whatever has been set on it, and accepts. */
    public static Connection open(Socket client, Socket listener) throws InterruptedException {
        InetSocketAddress to = listener.local();
        client.connect(to, SOON).orThrow("connect to " + to);
        return new Connection(client, listener.accept(SOON).orThrow("accept on " + to));
    }

    /** A byte each way; returns how many bytes came in answer. */
    public int talk() throws InterruptedException {
        client.send(1).orThrow("send");
        server.receive(1, SOON).orThrow("receive");
        server.send(1).orThrow("send back");
        return client.receive(1, SOON).orThrow("receive the answer").length;
    }

    /** The server sends a byte back when it has received one; if it receives none, nothing. */
    public void answer(Duration within) throws InterruptedException {
        if (server.receive(1, within).ok()) {
            server.send(1).orThrow("send back");
        }
    }

    /** One end closes; the other closes when it has read EOF. */
    public void closeFrom(Role first) throws InterruptedException {
        end(first).close();
        byte[] rest = other(first).receive(1, SOON).orThrow("read EOF");
        if (rest.length > 0) {
            throw new IllegalStateException("there was something to read before EOF");
        }
        other(first).close();
    }

    /** One end closes by RST, the other when it has seen that. */
    public void resetFrom(Role first) throws InterruptedException {
        reset(end(first));
        other(first).receive(1, SOON);
        other(first).close();
    }

    /** Closes a socket by RST, which leaves nothing behind; for what was only made to see whether it can be. */
    public static void reset(Socket socket) {
        socket.linger(0).orThrow("setsockopt SO_LINGER");
        socket.close();
    }

    /** The client's port, by which the connection is known on either side. */
    public int port() {
        return client.port();
    }

    /** The end of that role. */
    public Socket end(Role role) {
        return switch (role) {
            case CLIENT -> client;
            case SERVER -> server;
        };
    }

    private Socket other(Role role) {
        return end(role.other());
    }
}
