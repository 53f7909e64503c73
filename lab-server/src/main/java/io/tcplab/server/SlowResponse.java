package io.tcplab.server;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.tcplab.transport.Spec;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;

/**
 * A server that answers late without blocking anything: an overloaded back end behind asynchronous code. If clients
 * give up sooner than it answers, their FINs arrive while the answer is still due.
 *
 * <p>The kernel shows CLOSE_WAIT for about the delay less the client's patience. The late answer then meets a peer that
 * has closed, and its kernel replies with a RST. The event loop stays idle: its lag says that the server isn't blocked.
 *
 * <p>A connection isn't read any further while it has more to answer than Netty's mark for writes, 64 KiB: the rest stays in
 * the kernel's Recv-Q, and the peer's window closes. Its FIN makes Netty read to the end all the same ({@link NeverRead}), so
 * what all connections of a loop hold back counts as {@link Unsent}, too.
 *
 * @param delay between a read and its echo; EOF is answered with {@code close()} equally late
 */
public record SlowResponse(Duration delay) implements Behaviour {
    static final String NAME = "slow-response";
    static final SlowResponse DEFAULT = new SlowResponse(Duration.ofSeconds(1));
    private static final String DELAY = "delay";

    public SlowResponse {
        Checks.notNegative(DELAY, delay);
    }

    static SlowResponse of(Spec spec) {
        return new SlowResponse(spec.allow(DELAY).duration(DELAY, DEFAULT.delay));
    }

    @Override
    public Spec toSpec() {
        return Spec.of(NAME).with(DELAY, delay);
    }

    @Override
    public String summary() {
        return "echoes late, without blocking the event loop";
    }

    static final class Handler extends EchoHandler {
        private final long delayNanos;
        private final Unsent unsent;
        private final Queue<ByteBuf> due = new ArrayDeque<>();
        private long dueBytes;

        /**
         * Holds back nothing yet.
         *
         * @param unsent of the connection's event loop
         */
        Handler(SlowResponse behaviour, Unsent unsent) {
            delayNanos = behaviour.delay.toNanos();
            this.unsent = unsent;
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ByteBuf request = (ByteBuf) message;
            due.add(request);
            dueBytes += request.capacity();
            readIfThereIsRoom(ctx);
            unsent.add(ctx.channel(), request.capacity());
            later(ctx, () -> answer(ctx));
        }

        @Override
        public void channelWritabilityChanged(ChannelHandlerContext ctx) {
            readIfThereIsRoom(ctx);
        }

        private void readIfThereIsRoom(ChannelHandlerContext ctx) {
            boolean room = dueBytes <= ctx.channel().config().getWriteBufferHighWaterMark();
            ctx.channel().config().setAutoRead(room && ctx.channel().isWritable());
        }

        @Override
        void endOfInput(ChannelHandlerContext ctx) {
            // Equal delays on one loop run in the order they were asked for, so this comes after all answers.
            later(ctx, () -> closeAfterWrites(ctx));
        }

        /** The loop drops what is scheduled when it ends; the buffers are freed by {@link #handlerRemoved} then. */
        private void later(ChannelHandlerContext ctx, Runnable step) {
            var ignored = ctx.executor().schedule(step, delayNanos, TimeUnit.NANOSECONDS);
        }

        private void answer(ChannelHandlerContext ctx) {
            ByteBuf answer = due.poll();
            if (answer != null) {
                noLongerDue(ctx, answer); // from here on it counts as a write
                write(ctx, answer);
                ctx.flush();
                readIfThereIsRoom(ctx);
            }
        }

        private void noLongerDue(ChannelHandlerContext ctx, ByteBuf answer) {
            dueBytes -= answer.capacity();
            unsent.remove(ctx.channel(), answer.capacity());
        }

        @Override
        public void handlerRemoved(ChannelHandlerContext ctx) {
            for (ByteBuf answer : due) {
                noLongerDue(ctx, answer);
                answer.release();
            }
            due.clear();
        }
    }
}
