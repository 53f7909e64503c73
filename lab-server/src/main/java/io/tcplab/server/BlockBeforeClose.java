package io.tcplab.server;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.tcplab.transport.Spec;
import java.io.UncheckedIOException;
import java.time.Duration;

/**
 * The {@code close()} is there and is reached too late: before it the handler waits for a back end that doesn't answer,
 * or is caught in a loop. Done on an event loop, one such handler holds up every connection of that loop; done on a
 * worker, only its own.
 *
 * <p>The kernel shows CLOSE_WAIT for as long as the block lasts. Recv-Q tells where the thread is stuck: 0 where EOF
 * was read before (a worker is stuck, or the loop at this connection's EOF), bytes and one for the FIN where the loop
 * never came to read (blocked at the first read, or by another connection). The event loop's lag shows the same from
 * inside.
 *
 * @param duration how long each connection blocks, once it has been echoed to
 * @param how on what the thread is stuck
 * @param on which thread that is
 * @param at when it happens
 * @param workers how many threads block at the same time with {@link On#WORKER}; further connections wait for one of
 *     them
 */
public record BlockBeforeClose(Duration duration, How how, On on, At at, int workers) implements Behaviour {
    /** What a thread is stuck in. */
    public enum How {
        /** A {@code read(2)} from a pipe that stays empty: it waits, and uses no CPU. */
        IO,
        /** A loop: it uses a whole CPU. */
        SPIN
    }

    /** Whose thread is stuck. */
    public enum On {
        /** The connection's event loop: all its other connections stand still too. */
        LOOP,
        /** A thread of a pool: the loop goes on reading. */
        WORKER
    }

    /** At which point of the connection's life the block comes. */
    public enum At {
        /** After the first read was echoed, so that on a loop the peer's EOF stays unread. */
        FIRST_READ,
        /** After EOF was read. */
        EOF
    }

    static final String NAME = "block-before-close";
    static final BlockBeforeClose DEFAULT = new BlockBeforeClose(Duration.ofSeconds(30), How.IO, On.LOOP, At.EOF, 64);
    private static final String FOR = "for";
    private static final String HOW = "how";
    private static final String ON = "on";
    private static final String AT = "at";
    private static final String WORKERS = "workers";

    public BlockBeforeClose {
        Checks.notNegative(FOR, duration);
        Checks.atLeastOne(WORKERS, workers);
    }

    static BlockBeforeClose of(Spec spec) {
        spec.allow(FOR, HOW, ON, AT, WORKERS);
        return new BlockBeforeClose(
                spec.duration(FOR, DEFAULT.duration),
                spec.choice(HOW, How.class, DEFAULT.how),
                spec.choice(ON, On.class, DEFAULT.on),
                spec.choice(AT, At.class, DEFAULT.at),
                spec.integer(WORKERS, 1, DEFAULT.workers));
    }

    @Override
    public Spec toSpec() {
        return Spec.of(NAME)
                .with(FOR, duration)
                .with(HOW, how)
                .with(ON, on)
                .with(AT, at)
                .with(WORKERS, workers);
    }

    @Override
    public String summary() {
        return "echoes, blocks in I/O or spins for a while, then closes";
    }

    static final class Handler extends EchoHandler {
        private final BlockBeforeClose behaviour;
        private final Blocker blocker;
        private boolean begun;

        Handler(BlockBeforeClose behaviour, Blocker blocker) {
            this.behaviour = behaviour;
            this.blocker = blocker;
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext ctx) {
            switch (behaviour.at) {
                case FIRST_READ -> blockOnce(ctx);
                case EOF -> ctx.flush();
            }
        }

        @Override
        void endOfInput(ChannelHandlerContext ctx) {
            blockOnce(ctx);
        }

        private void blockOnce(ChannelHandlerContext ctx) {
            // io_uring sends when the loop comes round again: a block before that would hold the echo back as well.
            ChannelFuture echoed = ctx.writeAndFlush(Unpooled.EMPTY_BUFFER);
            if (!begun) {
                begun = true;
                echoed.addListener(done -> start(ctx));
            }
        }

        private void start(ChannelHandlerContext ctx) {
            switch (behaviour.on) {
                case LOOP -> blockAndClose(ctx);
                case WORKER -> blocker.onWorker(() -> blockAndClose(ctx));
            }
        }

        private void blockAndClose(ChannelHandlerContext ctx) {
            try {
                blocker.block(behaviour.how, behaviour.duration);
            } catch (UncheckedIOException noDescriptor) {
                ctx.pipeline().fireExceptionCaught(noDescriptor);
                return;
            }
            close(ctx.channel());
        }
    }
}
