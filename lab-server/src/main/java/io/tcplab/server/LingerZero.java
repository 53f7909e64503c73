package io.tcplab.server;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.tcplab.transport.Spec;

/**
 * The cure that is worse than the disease: SO_LINGER with a timeout of 0, set "against TIME_WAIT". {@code close()} then
 * sends a RST at once and forgets the connection, along with what it hadn't yet sent.
 *
 * <p>The kernel shows no TIME_WAIT on either side; TCPAbortOnData counts each such close ({@code __tcp_close}),
 * TcpOutRsts the segment. The peer's next {@code read} or {@code write} fails with ECONNRESET or EPIPE, even if it had
 * only been about to close properly.
 *
 * @param afterBytes the bytes that must have been read before it closes; at least 1
 * @param answers whether it echoes what it has read before it closes. The echo may well be lost.
 */
public record LingerZero(long afterBytes, boolean answers) implements Behaviour {
    static final String NAME = "linger-zero";
    static final LingerZero DEFAULT = new LingerZero(1, true);
    private static final String AFTER_BYTES = "after-bytes";
    private static final String ANSWERS = "answers";

    public LingerZero {
        Checks.atLeastOne(AFTER_BYTES, afterBytes);
    }

    static LingerZero of(Spec spec) {
        spec.allow(AFTER_BYTES, ANSWERS);
        return new LingerZero(spec.bytes(AFTER_BYTES, 1, DEFAULT.afterBytes), spec.flag(ANSWERS, DEFAULT.answers));
    }

    @Override
    public Spec toSpec() {
        return Spec.of(NAME).withBytes(AFTER_BYTES, afterBytes).with(ANSWERS, answers);
    }

    @Override
    public String summary() {
        return "closes with SO_LINGER 0, which sends a RST";
    }

    static final class Handler extends EchoHandler {
        private final LingerZero behaviour;
        private long read;

        Handler(LingerZero behaviour) {
            this.behaviour = behaviour;
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ByteBuf bytes = (ByteBuf) message;
            read += bytes.readableBytes();
            if (behaviour.answers) {
                write(ctx, bytes);
            } else {
                bytes.release();
            }
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext ctx) {
            if (read >= behaviour.afterBytes) {
                abort(ctx);
            } else {
                ctx.flush();
            }
        }

        @Override
        void endOfInput(ChannelHandlerContext ctx) {
            abort(ctx);
        }

        private static void abort(ChannelHandlerContext ctx) {
            ctx.channel().config().setOption(ChannelOption.SO_LINGER, 0);
            closeAfterWrites(ctx);
        }
    }
}
