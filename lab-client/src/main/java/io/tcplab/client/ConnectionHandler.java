package io.tcplab.client;

import static io.netty.channel.ChannelFutureListener.FIRE_EXCEPTION_ON_FAILURE;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.SocketChannel;
import io.netty.util.concurrent.Future;
import io.tcplab.transport.Errnos;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One connection and the operation that it serves: the last handler of its channel's pipeline. Each load has its own, which
 * says what to do when something happened; what is common is here. Everything runs on the channel's loop.
 *
 * <p>An operation ends once: the first of {@link #complete}, {@link #fail} and {@link #giveUp} counts, later ones do nothing.
 */
abstract class ConnectionHandler extends ChannelInboundHandlerAdapter implements Connection {
    private final Generator generator;
    private final SocketChannel channel;
    private long intended;
    private long received;
    private @Nullable ByteBuf sending;
    private boolean busy;
    private boolean arrived;
    private boolean hasPlace;

    ConnectionHandler(Generator generator, SocketChannel channel) {
        this.generator = generator;
        this.channel = channel;
    }

    static ConnectionHandler of(Load load, Generator generator, SocketChannel channel) {
        return switch (load) {
            case ShortLived it -> new ShortLived.Handler(it, generator, channel);
            case Hold it -> new Hold.Handler(generator, channel);
            case KeepAlive it -> new KeepAlive.Handler(generator, channel);
            case HalfClose it -> new HalfClose.Handler(generator, channel);
            case Abort it -> new Abort.Handler(it, generator, channel);
            case GiveUpAfter it -> new GiveUpAfter.Handler(it, generator, channel);
        };
    }

    // What a load says about it.

    @Override
    public abstract void onConnected();

    /** The kernel has taken the whole payload. */
    void onSent() {}

    /** Bytes of the peer were read. */
    void onReceived() {}

    /** The connection is gone while the operation was under way, without an error: the peer's FIN was read. */
    void onEndOfStream() {
        fail(LoadReport.END_OF_STREAM);
    }

    @Override
    public void onRelease() {}

    /** The operation has ended, in whatever way. */
    void onOperationEnd() {}

    // What a load may do.

    final int payloadBytes() {
        return generator.payload().size();
    }

    /** Bytes read in this operation. */
    final long received() {
        return received;
    }

    /** Whether there is an operation that hasn't ended. */
    final boolean busy() {
        return busy;
    }

    final boolean released() {
        return generator.released();
    }

    final void send() {
        ByteBuf view = generator.payload().view();
        sending = view;
        channel.writeAndFlush(view).addListener(this::sent);
    }

    /** Sends the payload; where there is none, does this instead. */
    final void sendOr(Runnable withoutPayload) {
        if (payloadBytes() > 0) {
            send();
        } else {
            withoutPayload.run();
        }
    }

    final void shutdownOutput() {
        channel.shutdownOutput().addListener(FIRE_EXCEPTION_ON_FAILURE);
    }

    final void lingerZero() {
        channel.config().setSoLinger(0);
    }

    final Future<?> timer(Runnable action, Duration delay) {
        return generator.timer(action, delay);
    }

    @Override
    public final void close() {
        channel.close().addListener(FIRE_EXCEPTION_ON_FAILURE);
    }

    final void complete() {
        if (busy) {
            generator.tally().completed(generator.now() - intended);
            operationEnded();
        }
    }

    final void fail(String name) {
        if (busy) {
            generator.tally().failed(name, received);
            operationEnded();
        }
        close();
    }

    @Override
    public final void giveUp() {
        if (busy) {
            generator.tally().givenUp(1);
            operationEnded();
        }
        close();
    }

    /** The operation is as far as {@link LabClient#established()} waits for; at the latest when it ends. */
    final void arrive() {
        if (!arrived) {
            arrived = true;
            generator.arrived(1);
        }
    }

    /** Lets another operation start in this one's place; at the latest when the connection is closed. */
    final void yieldPlace() {
        if (hasPlace) {
            hasPlace = false;
            generator.placeFreed();
        }
    }

    /** Stays open for the next operation. */
    final void rest() {
        generator.rest(this);
        yieldPlace();
    }

    // What the generator and the channel say.

    @Override
    public final void begin(long intendedNanos) {
        intended = intendedNanos;
        received = 0;
        busy = true;
        arrived = false;
        hasPlace = true;
    }

    /** The loop wouldn't take the channel, which is closed, and nothing more will be heard of it. */
    final void neverRegistered(Throwable cause) {
        fail(Errnos.nameOf(cause));
        yieldPlace();
        generator.closed(this);
    }

    final void connectEnded(Future<?> connect) {
        if (!connect.isSuccess()) {
            fail(Errnos.nameOf(connect.cause()));
        } else if (busy) {
            generator.tally().connected(generator.now() - intended);
            onConnected();
        }
    }

    private void sent(Future<?> write) {
        if (write.isSuccess()) {
            sending = null;
            generator.tally().sent(payloadBytes());
            onSent();
            return;
        }
        tallyPartlySent();
        // A closed channel isn't a reason: the reason is reported elsewhere.
        if (!(write.cause() instanceof ClosedChannelException)) {
            fail(Errnos.nameOf(write.cause()));
        }
    }

    private void tallyPartlySent() {
        if (sending != null) {
            generator.tally().sent(sending.readerIndex());
            sending = null;
        }
    }

    private void operationEnded() {
        busy = false;
        onOperationEnd();
        arrive();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        int size = bytes.readableBytes();
        bytes.release();
        received += size;
        generator.tally().received(size);
        onReceived();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        fail(Errnos.nameOf(cause));
    }

    /** The channel's last event, after a failed write or read was reported; its socket is closed. */
    @Override
    public void channelUnregistered(ChannelHandlerContext context) {
        tallyPartlySent();
        if (busy) {
            onEndOfStream();
        }
        yieldPlace();
        generator.closed(this);
    }
}
