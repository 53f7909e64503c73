package io.tcplab.kernel;

import io.tcplab.kernel.netns.Cidr;
import io.tcplab.kernel.netns.Namespace;
import io.tcplab.kernel.netns.VethLink;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

/** Two namespaces with a link between, for tests: a client and a server with several addresses. */
public final class TestCell implements AutoCloseable {
    /** The tracepoint shows every namespace's sockets; only by their addresses are another JVM's left out. */
    private static final int PID = (int) (ProcessHandle.current().pid() & 0x7fff);

    private static final int PREFIX = 27;
    private static final int PREFIX_V6 = 64;
    private static final int SERVERS = 16;

    public static final InetAddress CLIENT = v4(1);
    public static final InetAddress CLIENT_V6 = v6(1);
    public static final InetAddress SERVER_V6 = v6(2);

    private final Namespace client = Namespace.createWithOwnTable("test-client");
    private final Namespace server = Namespace.createWithOwnTable("test-server");

    public TestCell() {
        List<Cidr> servers = new ArrayList<>(List.of(new Cidr(SERVER_V6, PREFIX_V6)));
        for (int i = 0; i < SERVERS; i++) {
            servers.add(new Cidr(server(i), PREFIX));
        }
        VethLink.join(
                new VethLink.End(client, "client0", List.of(new Cidr(CLIENT, PREFIX), new Cidr(CLIENT_V6, PREFIX_V6))),
                new VethLink.End(server, "server0", servers));
    }

    public Namespace client() {
        return client;
    }

    public Namespace server() {
        return server;
    }

    /** One of sixteen addresses of the server, so that a storm need not run out of ports. */
    public static InetAddress server(int number) {
        return v4(2 + number % SERVERS);
    }

    /** In 172.16.0.0/12, which holds a /27 for each process. */
    private static InetAddress v4(int host) {
        int low = PID << 5 | host;
        return InetAddress.ofLiteral("172.%d.%d.%d".formatted(16 + (low >> 16), low >> 8 & 0xff, low & 0xff));
    }

    private static InetAddress v6(int host) {
        return InetAddress.ofLiteral("fd00:%x::%x".formatted(PID, host));
    }

    /** A listener on all addresses of the server. */
    public ServerSocketChannel listen() {
        return server.call(() -> ServerSocketChannel.open().bind(new InetSocketAddress(0), 4096));
    }

    /** A connection from the client. */
    public SocketChannel connect(InetAddress address, int port) {
        return client.call(() -> SocketChannel.open(new InetSocketAddress(address, port)));
    }

    /** Ends a connection from one side, and from the other once that has seen it. */
    public static void closeInOrder(SocketChannel first, SocketChannel second) throws IOException {
        first.close();
        second.read(ByteBuffer.allocate(1));
        second.close();
    }

    public static int port(ServerSocketChannel listener) throws IOException {
        return ((InetSocketAddress) listener.getLocalAddress()).getPort();
    }

    @Override
    public void close() {
        client.close();
        server.close();
    }
}
