package io.tcplab.server;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.tcplab.transport.Errnos;

/**
 * Watches one connection for the meters; it is first in the pipeline. It ends those that don't read where there is
 * no more room for what they are sent.
 */
final class ConnectionProbe extends ChannelDuplexHandler {
    private final ServerMeters meters;
    private final Connections server;
    private final Unsent unsent;
    private CloseCause cause = CloseCause.LOCAL_CLOSE;

    /**
     * Watches from now on.
     *
     * @param unsent of the connection's event loop
     */
    ConnectionProbe(ServerMeters meters, Connections server, Unsent unsent) {
        this.meters = meters;
        this.server = server;
        this.unsent = unsent;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        meters.received(((ByteBuf) message).readableBytes());
        ctx.fireChannelRead(message);
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        int bytes = ((ByteBuf) message).readableBytes();
        int kept = ((ByteBuf) message).capacity();
        unsent.add(ctx.channel(), kept);
        promise.addListener(written -> {
            unsent.remove(ctx.channel(), kept);
            if (written.isSuccess()) {
                meters.sent(bytes);
            } else {
                failed(written.cause());
            }
        });
        var ignored = ctx.write(message, promise);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event == ChannelInputShutdownEvent.INSTANCE && cause == CloseCause.LOCAL_CLOSE) {
            cause = CloseCause.PEER_EOF;
        }
        ctx.fireUserEventTriggered(event);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable failure) {
        failed(failure);
        ctx.fireExceptionCaught(failure);
    }

    /** Not the close future's listener: that runs before the failure of pending writes says why. */
    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        meters.closed(server.closing() ? CloseCause.SHUTDOWN : cause);
        ctx.fireChannelInactive();
    }

    /** A write after our own close fails without an errno; that is nobody's fault and says nothing. */
    private void failed(Throwable failure) {
        if (Errnos.find(failure).isPresent()) {
            cause = CloseCause.of(failure);
        }
    }
}
