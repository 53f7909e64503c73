package io.tcplab.serve;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.util.NetUtil;
import io.tcplab.experiments.UsageException;
import io.tcplab.transport.Errnos;
import io.tcplab.transport.http.HttpBounds;
import io.tcplab.transport.http.HttpListener;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Serves the page, by one thread. */
final class PageServer implements AutoCloseable {
    private static final int LARGEST_BODY = 16384;

    private final HttpListener listener;
    private final ExecutorService workers;
    private final Token token;

    private PageServer(HttpListener listener, ExecutorService workers, Token token) {
        this.listener = listener;
        this.workers = workers;
        this.token = token;
    }

    /**
     * Listens.
     *
     * @throws UsageException if the address can't be listened on
     */
    static PageServer start(InetSocketAddress bind, HttpBounds bounds, Page page) {
        ExecutorService workers = Executors.newFixedThreadPool(
                2, Thread.ofPlatform().name("page-worker-", 1).daemon().factory());
        Token token = Token.random();
        try {
            HttpListener listener = HttpListener.start(
                    bind,
                    bounds,
                    "page",
                    (connection, place) -> connection
                            .pipeline()
                            .addLast(new BoundedBody())
                            .addLast(new PageHandler(
                                    new Gate(token, connection.parent().localAddress()), place, page, workers)));
            return new PageServer(listener, workers, token);
        } catch (IOException refused) {
            workers.shutdownNow();
            throw refused(bind, refused);
        }
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
        return listener.address();
    }

    /** With the token in it. */
    String url() {
        return "http://" + NetUtil.toSocketAddressString(address()) + "/?" + Gate.PARAMETER + "=" + token.text();
    }

    /** Closes all connections and ends the threads. */
    @Override
    public void close() {
        workers.shutdownNow();
        listener.close();
    }
}
