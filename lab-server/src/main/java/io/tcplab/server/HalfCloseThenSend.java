package io.tcplab.server;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.tcplab.transport.Spec;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * What half-closure is for, and the proof that EOF doesn't mean "the peer has gone": the server reads EOF and goes on
 * sending, as {@code rsh host sort <file} does and an HTTP server that streams to a client which has shut down its
 * output.
 *
 * <p>The kernel shows CLOSE_WAIT here and FIN_WAIT_2 at the peer while data flows, for as long as it takes (RFC 9293,
 * section 3.6, case 2). The peer's FIN_WAIT_2 has no timeout, since its process still holds the socket. Had the peer
 * called {@code close()} instead, our first segment would be answered with a RST.
 *
 * @param bytes to send after EOF; at least 1
 * @param over the time over which they are spread, or more on a slow machine; zero sends them as fast as the peer reads
 */
public record HalfCloseThenSend(long bytes, Duration over) implements Behaviour {
    static final String NAME = "half-close-then-send";
    static final HalfCloseThenSend DEFAULT = new HalfCloseThenSend(64 << 10, Duration.ofSeconds(2));
    private static final String BYTES = "bytes";
    private static final String FOR = "for";
    private static final Duration TICK = Duration.ofMillis(20);
    private static final int LARGEST_WRITE = 1 << 20;

    public HalfCloseThenSend {
        Checks.atLeastOne(BYTES, bytes);
        Checks.notNegative(FOR, over);
    }

    static HalfCloseThenSend of(Spec spec) {
        spec.allow(BYTES, FOR);
        return new HalfCloseThenSend(spec.bytes(BYTES, 1, DEFAULT.bytes), spec.duration(FOR, DEFAULT.over));
    }

    @Override
    public Spec toSpec() {
        return Spec.of(NAME).withBytes(BYTES, bytes).with(FOR, over);
    }

    @Override
    public String summary() {
        return "echoes, reads EOF, keeps sending for a while, then closes";
    }

    /** In how many writes: one a tick, of a byte at least. */
    private long writes() {
        return Math.clamp(over.dividedBy(TICK), 1, bytes);
    }

    private int bytesOfAWrite() {
        return (int) Math.min(LARGEST_WRITE, Math.ceilDiv(bytes, writes()));
    }

    static final class Handler extends EchoHandler implements ChannelFutureListener {
        private final HalfCloseThenSend behaviour;
        private final long pauseNanos;
        private long sent;
        private int inFlight;

        Handler(HalfCloseThenSend behaviour) {
            this.behaviour = behaviour;
            pauseNanos = behaviour.over.toNanos() / behaviour.writes();
        }

        @Override
        void endOfInput(ChannelHandlerContext ctx) {
            send(ctx);
        }

        private void send(ChannelHandlerContext ctx) {
            inFlight = (int) Math.min(behaviour.bytesOfAWrite(), behaviour.bytes - sent);
            ctx.writeAndFlush(ctx.alloc().buffer(inFlight).writeZero(inFlight)).addListener(this);
        }

        /** One write at a time: the next one waits for it, so that a peer who doesn't read slows the sending down. */
        @Override
        public void operationComplete(ChannelFuture written) {
            sent += inFlight;
            if (!written.isSuccess() || sent == behaviour.bytes) {
                close(written.channel());
                return;
            }
            ChannelHandlerContext ctx = written.channel().pipeline().context(this);
            if (pauseNanos == 0) {
                send(ctx);
            } else {
                // Not by the clock: a loop that was held up would send all that is due at once, and close before
                // anybody has looked.
                var ignored = ctx.executor().schedule(() -> send(ctx), pauseNanos, TimeUnit.NANOSECONDS);
            }
        }
    }
}
