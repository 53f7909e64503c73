package io.tcplab.transport.http;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpServerCodec;
import io.tcplab.transport.EventLoops;
import io.tcplab.transport.Transport;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;

/**
 * Listens for HTTP, on one thread. Peers that are slow, silent, many or mistaken cost it a bounded amount of memory and time,
 * and others are served meanwhile.
 */
public final class HttpListener implements AutoCloseable {
    /** What waits for a peer, at most. */
    private static final WriteBufferWaterMark UNSENT = new WriteBufferWaterMark(16 << 10, 32 << 10);

    private static final int BACKLOG = 1024;
    private static final Duration END = Duration.ofSeconds(5);

    private final EventLoopGroup loops;
    private final Channel listener;

    private HttpListener(EventLoopGroup loops, Channel listener) {
        this.loops = loops;
        this.listener = listener;
    }

    /** Takes connections. */
    @FunctionalInterface
    public interface Host {
        /** Adds what answers to a connection's pipeline, in which HTTP is decoded already. On the listener's event loop. */
        void receive(SocketChannel connection, Place place);
    }

    /**
     * Listens from now on. The socket is made by the calling thread, in that thread's network namespace.
     *
     * @param thread the name of the thread
     * @throws IOException if the address can't be listened on
     */
    public static HttpListener start(InetSocketAddress bind, HttpBounds bounds, String thread, Host host)
            throws IOException {
        Transport transport = Transport.EPOLL.unavailable().isEmpty() ? Transport.EPOLL : Transport.NIO;
        EventLoopGroup loops = EventLoops.start(
                transport, 1, Thread.ofPlatform().name(thread).daemon().factory());
        Places places = new Places(bounds);
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(loops)
                .channel(transport.serverChannel())
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, UNSENT)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel connection) {
                        connection
                                .pipeline()
                                .addLast(new HttpServerCodec(new HttpDecoderConfig()
                                        .setMaxInitialLineLength(HttpBounds.LONGEST_LINE)
                                        .setMaxHeaderSize(HttpBounds.LARGEST_HEADERS)));
                        host.receive(connection, places.take(connection));
                    }
                });
        ChannelFuture listening = bootstrap.bind(bind).awaitUninterruptibly();
        if (!listening.isSuccess()) {
            EventLoops.stop(loops, END);
            throw cause(listening);
        }
        return new HttpListener(loops, listening.channel());
    }

    private static IOException cause(ChannelFuture failed) {
        return failed.cause() instanceof IOException refused
                ? refused
                : new IOException(String.valueOf(failed.cause().getMessage()), failed.cause());
    }

    /** Where it listens, with the port that the kernel chose. */
    public InetSocketAddress address() {
        return (InetSocketAddress) listener.localAddress();
    }

    /** Closes all connections and ends the thread; an answer under way is cut off. */
    @Override
    public void close() {
        EventLoops.stop(loops, END);
    }
}
