package io.tcplab.kernel.support;

import io.tcplab.kernel.netns.Cidr;
import io.tcplab.kernel.netns.Namespace;
import io.tcplab.kernel.netns.VethLink;
import io.tcplab.kernel.sockets.SockDiag;
import io.tcplab.kernel.sockets.SocketQuery;
import io.tcplab.kernel.sockets.TcpState;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.Channel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.BiConsumer;

/** Two namespaces joined by a link, and the sockets that a test makes in them. */
public final class TestCell implements AutoCloseable {
    public static final String CLIENT = "10.77.0.1";
    public static final String SERVER = "10.77.0.2";
    public static final String CLIENT6 = "fd77::1";
    public static final String SERVER6 = "fd77::2";

    private final Namespace client = Namespace.create("test-client");
    private final Namespace server = Namespace.create("test-server");
    private final Deque<Channel> open = new ArrayDeque<>();

    public TestCell() {
        this(VethLink::join);
    }

    /** Joined by a link of one's own, which takes the client's end and the server's. */
    public TestCell(BiConsumer<VethLink.End, VethLink.End> link) {
        link.accept(end(client, CLIENT, CLIENT6), end(server, SERVER, SERVER6));
    }

    public Namespace client() {
        return client;
    }

    public Namespace server() {
        return server;
    }

    /** A listener in the server's namespace, on a port of the kernel's choice. */
    public ServerSocketChannel listen(String address, int backlog) {
        return keep(server.call(() -> {
            ServerSocketChannel listener = ServerSocketChannel.open();
            return listener.bind(new InetSocketAddress(address, 0), backlog);
        }));
    }

    /** A connected socket in the client's namespace. */
    public SocketChannel connect(ServerSocketChannel listener) throws IOException {
        InetSocketAddress address = address(listener);
        return keep(client.call(() -> SocketChannel.open(address)));
    }

    /** A socket in the client's namespace whose connect is under way. */
    public SocketChannel connecting(InetSocketAddress address) {
        return keep(client.call(() -> {
            SocketChannel channel = SocketChannel.open();
            channel.configureBlocking(false);
            channel.connect(address);
            return channel;
        }));
    }

    /** A socket in a namespace, bound there, whose connect is under way. */
    public SocketChannel connecting(Namespace namespace, InetSocketAddress from, InetSocketAddress to) {
        return keep(namespace.call(() -> {
            SocketChannel channel = SocketChannel.open();
            channel.configureBlocking(false);
            channel.bind(from).connect(to);
            return channel;
        }));
    }

    /**
     * Waits until the server's kernel has so many connections, too: connect(2) returns before the handshake's last ACK has
     * arrived there.
     */
    public void awaitEstablished(int connections) throws Exception {
        try (SockDiag diag = SockDiag.open(server)) {
            SocketQuery established = SocketQuery.ofStates(TcpState.ESTABLISHED);
            Await.until(() -> diag.counts(established).total(), total -> total == connections);
        }
    }

    /** The server's side of a connection. */
    public SocketChannel accept(ServerSocketChannel listener) throws IOException {
        return keep(listener.accept());
    }

    public static InetSocketAddress address(ServerSocketChannel listener) throws IOException {
        return (InetSocketAddress) listener.getLocalAddress();
    }

    public static int port(ServerSocketChannel listener) throws IOException {
        return address(listener).getPort();
    }

    /** From now on, what this namespace sends to an address of the other goes to a machine that does not exist. */
    public void misdirect(Namespace from, String to) throws IOException, InterruptedException {
        neighbour(from, to, "02:00:00:00:00:99");
    }

    /**
     * Undoes {@link #misdirect}; tells the other machine by name, since one that is misdirected cannot answer when
     * asked.
     */
    public void redirect(Namespace from, String to) throws IOException, InterruptedException {
        Namespace other = from == client ? server : client;
        String link = Command.in(other, "ip", "-brief", "link", "show", "eth0").getFirst();
        neighbour(from, to, link.trim().split("\\s+", -1)[2]);
    }

    private static void neighbour(Namespace from, String address, String machine)
            throws IOException, InterruptedException {
        Command.in(from, "ip", "neigh", "replace", address, "lladdr", machine, "dev", "eth0", "nud", "permanent");
    }

    /** Closes by reset, so that the cell's end leaves no orphans that keep its namespaces alive. */
    @Override
    public void close() throws IOException {
        for (Channel channel : open) {
            if (channel instanceof SocketChannel socket && socket.isOpen()) {
                socket.setOption(StandardSocketOptions.SO_LINGER, 0);
            }
            channel.close();
        }
        client.close();
        server.close();
    }

    private <T extends Channel> T keep(T resource) {
        open.push(resource);
        return resource;
    }

    private static VethLink.End end(Namespace namespace, String v4, String v6) {
        return new VethLink.End(namespace, "eth0", List.of(Cidr.parse(v4 + "/24"), Cidr.parse(v6 + "/64")));
    }
}
