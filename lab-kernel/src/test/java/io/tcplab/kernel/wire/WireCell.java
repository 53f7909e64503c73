package io.tcplab.kernel.wire;

import io.tcplab.kernel.netns.Namespace;
import io.tcplab.kernel.support.TestCell;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Two hosts joined by a wire. */
public final class WireCell implements AutoCloseable {
    private final List<Wire> wires = new ArrayList<>();
    private final TestCell cell = new TestCell((client, server) -> wires.add(Wire.join(client, server)));

    public Wire wire() {
        return wires.getFirst();
    }

    public Namespace client() {
        return cell.client();
    }

    public Namespace server() {
        return cell.server();
    }

    public ServerSocketChannel listen() {
        return cell.listen(TestCell.SERVER, 128);
    }

    public SocketChannel connect(ServerSocketChannel listener) throws IOException {
        return cell.connect(listener);
    }

    public SocketChannel accept(ServerSocketChannel listener) throws IOException {
        return cell.accept(listener);
    }

    SocketChannel connecting(InetSocketAddress to) {
        return cell.connecting(to);
    }

    /** A connect under way from one's own address and port. */
    SocketChannel connecting(Side side, InetSocketAddress from, InetSocketAddress to) {
        return cell.connecting(side == Side.CLIENT ? client() : server(), from, to);
    }

    /** The host's address with a port that is free. */
    InetSocketAddress freeAddress(Side side) throws IOException {
        String address = side == Side.CLIENT ? TestCell.CLIENT : TestCell.SERVER;
        Namespace namespace = side == Side.CLIENT ? client() : server();
        try (ServerSocketChannel probe =
                namespace.call(() -> ServerSocketChannel.open().bind(new InetSocketAddress(address, 0)))) {
            return address(probe);
        }
    }

    static InetSocketAddress address(ServerSocketChannel listener) throws IOException {
        return TestCell.address(listener);
    }

    public static void write(SocketChannel channel, String text) {
        try {
            ByteBuffer bytes = StandardCharsets.US_ASCII.encode(text);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** So many bytes, or fewer if the stream ends before. */
    public static String read(SocketChannel channel, int bytes) throws IOException {
        ByteBuffer into = ByteBuffer.allocate(bytes);
        int last = 0;
        while (into.hasRemaining() && last >= 0) {
            last = channel.read(into);
        }
        return StandardCharsets.US_ASCII.decode(into.flip()).toString();
    }

    @Override
    public void close() throws IOException {
        cell.close();
        wire().close();
    }
}
