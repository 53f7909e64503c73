package io.tcplab.server;

import static java.util.Objects.requireNonNull;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.util.NetUtil;
import io.tcplab.kernel.Errno;
import io.tcplab.kernel.KernelException;
import io.tcplab.transport.Errnos;
import io.tcplab.transport.Transport;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** Makes the listening socket, and says what to do about it where the kernel refuses. */
final class Listening {
    /** Netty's own, in bytes. */
    private static final int LEAST_READ = 64;

    private static final int FIRST_READ = 2048;

    private Listening() {}

    /**
     * @param accepting false makes a listener that never calls {@code accept(2)} until its autoRead is switched on
     * @param acceptor of the listener's own pipeline
     * @param connections of each accepted connection's pipeline
     */
    static Channel start(
            ServerOptions options,
            EventLoopGroup loops,
            boolean accepting,
            ChannelHandler acceptor,
            ChannelHandler connections) {
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(loops)
                .channel(options.transport().serverChannel())
                .option(ChannelOption.SO_BACKLOG, options.backlog())
                .option(ChannelOption.SO_REUSEADDR, options.reuseAddress())
                // Before bind: once a read has been asked for, Netty's epoll would still accept one connection.
                .option(ChannelOption.AUTO_READ, accepting)
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                // One for all; what it learns of a connection is in a handle that comes with the first read.
                .childOption(
                        ChannelOption.RECVBUF_ALLOCATOR,
                        new AdaptiveRecvByteBufAllocator(
                                LEAST_READ, FIRST_READ, options.transport().mostOfARead()))
                .handler(acceptor)
                .childHandler(connections);
        CompletableFuture<Channel> listening = new CompletableFuture<>();
        // On a loop: the socket is made by the thread that asks to bind, in that thread's network namespace.
        loops.execute(
                () -> bootstrap.bind(options.bind()).addListener((ChannelFuture bound) -> report(bound, listening)));
        try {
            return listening.get();
        } catch (ExecutionException failure) {
            throw refused(options, requireNonNull(failure.getCause()));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while starting to listen", interrupted);
        }
    }

    private static void report(ChannelFuture bound, CompletableFuture<Channel> listening) {
        if (bound.isSuccess()) {
            listening.complete(bound.channel());
        } else {
            listening.completeExceptionally(bound.cause());
        }
    }

    /** What the JDK would silently change. */
    static void check(ServerOptions options) {
        if (options.transport() == Transport.NIO && options.backlog() == 0) {
            // sun.nio.ch.ServerSocketChannelImpl.netBind: Net.listen(fd, backlog < 1 ? 50 : backlog)
            throw new IllegalArgumentException(
                    "transport nio: the JDK turns a backlog of 0 into 50; use 1 or more, or another transport");
        }
    }

    static RuntimeException refused(ServerOptions options, Throwable cause) {
        return refused("listen on " + NetUtil.toSocketAddressString(options.bind()), cause, options.reuseAddress());
    }

    static RuntimeException refused(String operation, Throwable cause, boolean reuseAddress) {
        return Errnos.find(cause)
                .<RuntimeException>map(
                        errno -> new KernelException(operation, errno, "", remedy(errno, reuseAddress), cause))
                .orElseGet(() -> new IllegalStateException(operation + ": " + cause, cause));
    }

    private static String remedy(Errno errno, boolean reuseAddress) {
        return switch (errno) {
            case EADDRINUSE ->
                "another socket uses this address and port; choose another port, 0 for any"
                        + (reuseAddress ? "" : ", or set SO_REUSEADDR if it is only a connection in TIME_WAIT");
            case EACCES ->
                "ports below net.ipv4.ip_unprivileged_port_start (1024) need CAP_NET_BIND_SERVICE;"
                        + " choose a higher port";
            case EADDRNOTAVAIL -> "no interface has this address; \"ip address\" lists those that exist";
            case EMFILE -> "close files or raise the limit (ulimit -n)";
            default -> "";
        };
    }
}
