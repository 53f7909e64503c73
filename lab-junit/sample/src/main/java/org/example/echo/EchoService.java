package org.example.echo;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.util.concurrent.ThreadFactory;

/** A service as anybody writes it: it sends back what it gets. */
public final class EchoService implements AutoCloseable {
    private final EventLoopGroup loops;
    private final Channel listener;

    private EchoService(EventLoopGroup loops, Channel listener) {
        this.loops = loops;
        this.listener = listener;
    }

    /**
     * Starts it.
     *
     * @param threads for the event loops
     * @param halfClosure Netty's ALLOW_HALF_CLOSURE: on, and nobody handles the event that comes with it, is a leak
     */
    public static EchoService start(int port, ThreadFactory threads, boolean halfClosure) throws InterruptedException {
        EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, threads, NioIoHandler.newFactory());
        Channel listener = new ServerBootstrap()
                .group(loops)
                .channel(NioServerSocketChannel.class)
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, halfClosure)
                .childHandler(new Echo())
                .bind(port)
                .sync()
                .channel();
        return new EchoService(loops, listener);
    }

    @Override
    public void close() throws InterruptedException {
        listener.close().sync();
        loops.shutdownGracefully().sync();
    }

    @Sharable
    private static final class Echo extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            context.writeAndFlush(message);
        }
    }
}
