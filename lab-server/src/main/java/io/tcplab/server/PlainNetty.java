package io.tcplab.server;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.tcplab.transport.Spec;

/**
 * A handler as most are written: it echoes, and leaves to Netty what happens at EOF. With Netty's defaults that is
 * {@code close()}. Two of Netty's own settings turn it into a leak.
 *
 * <p>With {@code autoRead=false} Netty doesn't read, and on NIO so never learns of the FIN; epoll and io_uring
 * learn of it from the kernel (EPOLLRDHUP, POLLRDHUP) and read to the end all the same. With {@code ALLOW_HALF_CLOSURE} Netty
 * reads EOF, fires {@code ChannelInputShutdownEvent} and leaves {@code close()} to a handler that isn't there.
 *
 * @param pauses autoRead is off from the start, as for back-pressure, and is never switched on again
 * @param halfClosure ALLOW_HALF_CLOSURE is on; Netty's default is off
 */
public record PlainNetty(boolean pauses, boolean halfClosure) implements Behaviour {
    static final String NAME = "plain-netty";
    private static final String PAUSES = "pauses";
    private static final String HALF_CLOSURE = "half-closure";

    static PlainNetty of(Spec spec) {
        Spec known = spec.allow(PAUSES, HALF_CLOSURE);
        return new PlainNetty(known.flag(PAUSES, false), known.flag(HALF_CLOSURE, false));
    }

    @Override
    public Spec toSpec() {
        return Spec.of(NAME).with(PAUSES, pauses).with(HALF_CLOSURE, halfClosure);
    }

    @Override
    public String summary() {
        return "echoes, and leaves EOF to Netty's settings";
    }

    static final class Handler extends ChannelInboundHandlerAdapter {
        private final PlainNetty settings;

        Handler(PlainNetty settings) {
            this.settings = settings;
        }

        @Override
        public void handlerAdded(ChannelHandlerContext ctx) {
            ctx.channel().config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, settings.halfClosure);
            ctx.channel().config().setAutoRead(!settings.pauses);
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            EchoHandler.write(ctx, message);
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext ctx) {
            ctx.flush();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            EchoHandler.close(ctx.channel());
        }
    }
}
