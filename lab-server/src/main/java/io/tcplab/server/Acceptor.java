package io.tcplab.server;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.concurrent.TimeUnit;

/**
 * Stands before Netty's own acceptor in the listener's pipeline: counts what was accepted, and pauses when
 * {@code accept(2)} fails. It fails with EMFILE most often, and then at once again, for as long as descriptors are
 * short.
 */
final class Acceptor extends ChannelInboundHandlerAdapter {
    static final long REST_MILLIS = 100;

    private final ServerMeters meters;
    private final Connections connections;

    Acceptor(ServerMeters meters, Connections connections) {
        this.meters = meters;
        this.connections = connections;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object accepted) {
        meters.accepted();
        if (!connections.holdsUnread((Channel) accepted)) {
            ctx.fireChannelRead(accepted);
        }
    }

    /** Not passed on: Netty's acceptor would rest for a whole second and log what is already counted. */
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        meters.acceptFailed(cause);
        Channel listener = ctx.channel();
        if (listener.config().isAutoRead()) {
            listener.config().setAutoRead(false);
            var ignored = ctx.executor()
                    .schedule(() -> listener.config().setAutoRead(true), REST_MILLIS, TimeUnit.MILLISECONDS);
        }
    }
}
