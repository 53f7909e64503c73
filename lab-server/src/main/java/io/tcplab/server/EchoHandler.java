package io.tcplab.server;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;

/**
 * The echo that all behaviours share; one instance a connection, called on its event loop. A behaviour extends it by
 * the one thing that it does otherwise.
 *
 * <p>The channel allows half-closure, so that reading EOF never makes Netty call {@code close(2)}: whether that happens
 * is the behaviour's decision in {@link #endOfInput}.
 */
abstract class EchoHandler extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        write(ctx, message);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        ctx.flush();
    }

    /** A peer that sends and doesn't read would otherwise have us keep its whole input in memory. */
    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        ctx.channel().config().setAutoRead(ctx.channel().isWritable());
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event == ChannelInputShutdownEvent.INSTANCE) {
            endOfInput(ctx);
        }
        // No one is behind this handler who would take an interest.
    }

    /** The peer's FIN was read ({@code recv(2)} returned 0); all that came before it has been echoed. */
    abstract void endOfInput(ChannelHandlerContext ctx);

    /**
     * A reset, most often: the kernel has already let go of the connection, and only the descriptor is left to free.
     */
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        close(ctx.channel());
    }

    /** The future isn't needed: a failure closes the channel, and {@link ConnectionProbe} has seen why. */
    static void write(ChannelHandlerContext ctx, Object message) {
        var ignored = ctx.write(message);
    }

    /** The future isn't needed: closing doesn't fail, and {@link ConnectionProbe} sees it done. */
    static void close(Channel connection) {
        var ignored = connection.close();
    }

    /** Closes in order: what was written is in the kernel's send queue first, so that a FIN follows it. */
    static void closeAfterWrites(ChannelHandlerContext ctx) {
        ctx.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    }
}
