package io.tcplab.server;

import io.netty.channel.ChannelHandlerContext;
import io.tcplab.transport.Spec;

/**
 * The server as it should be, and the control of most experiments. It echoes and, having read EOF, closes: CLOSE_WAIT
 * lasts microseconds, then LAST_ACK until the peer acknowledges our FIN (RFC 9293, section 3.6).
 *
 * <p>Who sends the first FIN pays with TIME_WAIT. Servers do when they close after each response, as HTTP/1.0 ones and
 * those behind {@code Connection: close} do: then a busy server gathers TIME_WAIT by the ten thousand and its clients
 * have none. If the peer's request comes in pieces, closing after the first leaves unread bytes behind, and the kernel
 * sends a RST in place of the FIN (RFC 2525, section 2.17; counter TCPAbortOnClose).
 *
 * @param closesFirst closes once the first read has been echoed, instead of waiting for the peer's FIN
 */
public record WellBehaved(boolean closesFirst) implements Behaviour {
    static final String NAME = "well-behaved";
    private static final String CLOSES_FIRST = "closes-first";

    /** Closes when the peer has closed. */
    public WellBehaved() {
        this(false);
    }

    static WellBehaved of(Spec spec) {
        return new WellBehaved(spec.allow(CLOSES_FIRST).flag(CLOSES_FIRST, false));
    }

    @Override
    public Spec toSpec() {
        return Spec.of(NAME).with(CLOSES_FIRST, closesFirst);
    }

    @Override
    public String summary() {
        return closesFirst ? "echoes one read, then closes first" : "echoes, and closes when the peer has closed";
    }

    static final class Handler extends EchoHandler {
        private final boolean closesFirst;

        Handler(WellBehaved behaviour) {
            closesFirst = behaviour.closesFirst;
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext ctx) {
            if (closesFirst) {
                closeAfterWrites(ctx);
            } else {
                ctx.flush();
            }
        }

        @Override
        void endOfInput(ChannelHandlerContext ctx) {
            closeAfterWrites(ctx);
        }
    }
}
