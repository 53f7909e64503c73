package io.tcplab.kernel.sockets;

import io.tcplab.kernel.netlink.NetlinkSocket;
import io.tcplab.kernel.netns.Namespace;
import io.tcplab.kernel.support.Await;
import io.tcplab.kernel.support.TestCell;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/**
 * Captures the messages in {@code src/test/resources/io/tcplab/kernel/sockets}: has this kernel make real sockets and
 * writes down, in hexadecimal, what it says of them. Run it as root, with the folder as its argument, when a newer
 * kernel has more to say.
 */
final class FixtureCapture {
    private final Path folder;

    private FixtureCapture(Path folder) {
        this.folder = folder;
    }

    public static void main(String[] args) throws Exception {
        FixtureCapture capture = new FixtureCapture(Path.of(args[0]));
        try (TestCell cell = new TestCell()) {
            capture.states(cell, TestCell.SERVER, "v4mapped");
        }
        try (TestCell cell = new TestCell()) {
            capture.states(cell, TestCell.SERVER6, "ipv6");
        }
        try (Namespace namespace = Namespace.create("inet")) {
            capture.inet(namespace);
        }
        try (TestCell cell = new TestCell()) {
            capture.buffers(cell);
        }
    }

    private void states(TestCell cell, String address, String name) throws Exception {
        ServerSocketChannel listener = cell.listen(address, 5);
        SocketChannel first = cell.connect(listener);
        try (SocketChannel accepted = cell.accept(listener)) {
            first.write(ByteBuffer.wrap("unread".getBytes(StandardCharsets.US_ASCII)));
            cell.connect(listener);
            write(cell.server(), TcpState.LISTEN, name);
            write(cell.server(), TcpState.ESTABLISHED, name);
            first.shutdownOutput();
            write(cell.server(), TcpState.CLOSE_WAIT, name);
            write(cell.client(), TcpState.FIN_WAIT2, name);
            accepted.shutdownOutput();
        }
        write(cell.client(), TcpState.TIME_WAIT, name);
        String client = name.equals("v4mapped") ? TestCell.CLIENT : TestCell.CLIENT6;
        cell.misdirect(cell.server(), client);
        cell.connecting(new InetSocketAddress(address, TestCell.port(listener)));
        write(cell.server(), TcpState.SYN_RECV, name);
    }

    private void inet(Namespace namespace) throws Exception {
        try (ServerSocketChannel listener =
                        namespace.call(() -> ServerSocketChannel.open(StandardProtocolFamily.INET));
                SocketChannel client = namespace.call(() -> SocketChannel.open(StandardProtocolFamily.INET))) {
            client.connect(listener.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0))
                    .getLocalAddress());
            write(namespace, TcpState.ESTABLISHED, "inet");
        }
    }

    /** Some bytes that nobody has read, and what is left of a connection that nobody needs. */
    private void buffers(TestCell cell) throws Exception {
        ServerSocketChannel listener = cell.listen(TestCell.SERVER, 5);
        SocketChannel client = cell.connect(listener);
        try (SocketChannel accepted = cell.accept(listener)) {
            client.write(ByteBuffer.wrap("unread".getBytes(StandardCharsets.US_ASCII)));
            client.shutdownOutput();
            write(cell.server(), SocketQuery.ofStates(TcpState.CLOSE_WAIT).withBuffers(), "close_wait-buffers");
            accepted.shutdownOutput();
        }
        write(cell.client(), SocketQuery.ofStates(TcpState.TIME_WAIT).withBuffers(), "time_wait-buffers");
    }

    private void write(Namespace namespace, TcpState state, String name) throws Exception {
        write(
                namespace,
                SocketQuery.ofStates(state).withTcpInfo(),
                state.label().toLowerCase(Locale.ROOT) + "-" + name);
    }

    private void write(Namespace namespace, SocketQuery query, String name) throws Exception {
        byte[] message = Await.until(() -> messages(namespace, query), found -> !found.isEmpty())
                .getFirst();
        Path file = folder.resolve(name + ".hex");
        Files.writeString(file, HexFormat.of().formatHex(message).replaceAll("(.{64})", "$1\n") + "\n");
    }

    /** Sockets with an owner come first: they have more to tell. */
    private static List<byte[]> messages(Namespace namespace, SocketQuery query) throws IOException {
        List<byte[]> messages = new ArrayList<>();
        try (NetlinkSocket netlink = namespace.call(() -> NetlinkSocket.open(NetlinkSocket.NETLINK_SOCK_DIAG))) {
            netlink.dump(DiagMessages.dump(query), "capture", (type, message) -> {
                byte[] bytes = new byte[message.remaining()];
                message.get(message.position(), bytes);
                messages.add(DiagMessages.socket(message).hasOwner() ? 0 : messages.size(), bytes);
            });
        }
        return messages;
    }
}
