package io.tcplab.serve;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.util.NetUtil;
import io.tcplab.experiments.UsageException;
import io.tcplab.transport.Errnos;
import io.tcplab.transport.EventLoops;
import io.tcplab.transport.Transport;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** Serves the page, by one thread. */
@SuppressWarnings("FutureReturnValueIgnored") // a browser that has gone needs no answer
final class PageServer implements AutoCloseable {
    private static final int LONGEST_LINE = 2048;
    private static final int LARGEST_HEADERS = 8192;
    private static final int LARGEST_BODY = 16384;
    /** What waits for a browser, at most: a few frames. */
    private static final WriteBufferWaterMark UNSENT = new WriteBufferWaterMark(16 << 10, 32 << 10);

    private static final int BACKLOG = 64;
    private static final Duration END = Duration.ofSeconds(5);

    private final EventLoopGroup loops;
    private final ExecutorService workers;
    private final Channel listener;
    private final Token token;

    private PageServer(EventLoopGroup loops, ExecutorService workers, Channel listener, Token token) {
        this.loops = loops;
        this.workers = workers;
        this.listener = listener;
        this.token = token;
    }

    /**
     * How much is served.
     *
     * @param connections at a time; the next one is closed at once
     * @param patience within that a request must be there and its answer be taken
     */
    record Bounds(int connections, Duration patience) {
        /** Some browsers, with some windows each. */
        static Bounds standard() {
            return new Bounds(64, Duration.ofSeconds(15));
        }
    }

    /**
     * Listens.
     *
     * @throws UsageException if the address can't be listened on
     */
    static PageServer start(InetSocketAddress bind, Bounds bounds, Page page) {
        Transport transport = Transport.EPOLL.unavailable().isEmpty() ? Transport.EPOLL : Transport.NIO;
        EventLoopGroup loops = EventLoops.start(
                transport, 1, Thread.ofPlatform().name("page").daemon().factory());
        ExecutorService workers = Executors.newFixedThreadPool(
                2, Thread.ofPlatform().name("page-worker-", 1).daemon().factory());
        Token token = Token.random();
        AtomicInteger open = new AtomicInteger();
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(loops)
                .channel(transport.serverChannel())
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, UNSENT)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        if (open.incrementAndGet() > bounds.connections()) {
                            open.decrementAndGet();
                            channel.close();
                            return;
                        }
                        channel.closeFuture().addListener(closed -> open.decrementAndGet());
                        connect(channel, new Gate(token, channel.parent().localAddress()), bounds, page, workers);
                    }
                });
        ChannelFuture listening = bootstrap.bind(bind).awaitUninterruptibly();
        if (!listening.isSuccess()) {
            EventLoops.stop(loops, END);
            workers.shutdownNow();
            throw refused(bind, listening.cause());
        }
        return new PageServer(loops, workers, listening.channel(), token);
    }

    private static void connect(SocketChannel channel, Gate gate, Bounds bounds, Page page, ExecutorService workers) {
        channel.pipeline()
                .addLast(new HttpServerCodec(new HttpDecoderConfig()
                        .setMaxInitialLineLength(LONGEST_LINE)
                        .setMaxHeaderSize(LARGEST_HEADERS)))
                .addLast(new BoundedBody())
                .addLast(new PageHandler(gate, page, workers, bounds.patience().toMillis()));
    }

    /** Netty's own would wait for the rest of what is too large. */
    private static final class BoundedBody extends HttpObjectAggregator {
        BoundedBody() {
            super(LARGEST_BODY, true);
        }

        @Override
        protected void handleOversizedMessage(ChannelHandlerContext context, HttpMessage oversized) {
            Answers.send(
                    context,
                    Answers.text(
                            HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE,
                            "a request has " + LARGEST_BODY + " bytes at most"));
        }
    }

    private static UsageException refused(InetSocketAddress bind, Throwable cause) {
        return new UsageException(
                "--listen %s: can't listen there (%s). Use another port, 0 for any, or another address of this host."
                        .formatted(NetUtil.toSocketAddressString(bind), Errnos.nameOf(cause)),
                cause);
    }

    /** Where it listens, with the port that the kernel chose. */
    InetSocketAddress address() {
        return (InetSocketAddress) listener.localAddress();
    }

    /** With the token in it. */
    String url() {
        return "http://" + NetUtil.toSocketAddressString(address()) + "/?" + Gate.PARAMETER + "=" + token.text();
    }

    /** Closes all connections and ends the threads. */
    @Override
    public void close() {
        workers.shutdownNow();
        EventLoops.stop(loops, END);
    }
}
