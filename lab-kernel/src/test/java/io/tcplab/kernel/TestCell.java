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
    public static final InetAddress CLIENT = Cidr.parse("10.201.0.1/16").address();
    public static final InetAddress CLIENT_V6 = Cidr.parse("fd00:201::1/64").address();
    public static final InetAddress SERVER_V6 = Cidr.parse("fd00:201::2/64").address();
    private static final int SERVERS = 16;

    private final Namespace client = Namespace.create("test-client");
    private final Namespace server = Namespace.create("test-server");

    public TestCell() {
        List<Cidr> servers = new ArrayList<>(List.of(new Cidr(SERVER_V6, 64)));
        for (int i = 0; i < SERVERS; i++) {
            servers.add(new Cidr(server(i), 16));
        }
        VethLink.join(
                new VethLink.End(client, "client0", List.of(new Cidr(CLIENT, 16), new Cidr(CLIENT_V6, 64))),
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
        return Cidr.parse("10.201.1." + (1 + number % SERVERS) + "/16").address();
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
