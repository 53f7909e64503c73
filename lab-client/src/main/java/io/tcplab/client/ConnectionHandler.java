package io.tcplab.client;

import static io.netty.channel.ChannelFutureListener.FIRE_EXCEPTION_ON_FAILURE;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.ReferenceCountUtil;
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
    private final Line line;
    private long intended;
    private long received;
    private @Nullable ByteBuf sending;
    private boolean busy;
    private boolean arrived;
    private boolean hasPlace;
    private boolean established;
    private boolean secured;

    ConnectionHandler(Generator generator, Line line) {
        this.generator = generator;
        this.line = line;
        this.channel = line.channel();
    }

    static ConnectionHandler of(Load load, Generator generator, Line line) {
        return switch (load) {
            case ShortLived it -> new ShortLived.Handler(it, generator, line);
            case Hold it -> new Hold.Handler(generator, line);
            case KeepAlive it -> new KeepAlive.Handler(generator, line);
            case HalfClose it -> new HalfClose.Handler(generator, line);
            case Abort it -> new Abort.Handler(it, generator, line);
            case GiveUpAfter it -> new GiveUpAfter.Handler(it, generator, line);
        };
    }

    // What a load says about it.

    /** The kernel has the connection; with TLS the handshake comes next. */
    void onEstablished() {}

    /** The connection is ready to send on, and there is an operation to do on it. */
    abstract void onConnected();

    /** The kernel has taken the whole request. */
    void onSent() {}

    /** The whole answer to the request was read. */
    void onAnswered(Answer answer) {}

    /** The connection is gone while the operation was under way, without an error: the peer's FIN was read. */
    void onEndOfStream() {
        fail(LoadReport.END_OF_STREAM);
    }

    @Override
    public void onRelease() {}

    /** The operation has ended, in whatever way. */
    void onOperationEnd() {}

    // What a load may do.

    /** Whether a request has no bytes, so that there is nothing to wait for either. */
    final boolean nothingToSay() {
        return line.requests().last().size() == 0;
    }

    /** Whether there is an operation that hasn't ended. */
    final boolean busy() {
        return busy;
    }

    final boolean released() {
        return generator.released();
    }

    /** Sends a request after which another may follow on this connection. */
    final void send() {
        send(line.requests().each());
    }

    /** Sends the connection's last request; where it has no bytes, does this instead. */
    final void sendLastOr(Runnable otherwise) {
        if (nothingToSay()) {
            otherwise.run();
        } else {
            send(line.requests().last());
        }
    }

    private void send(Payload request) {
        ByteBuf view = request.view();
        sending = view;
        line.answers().requested();
        channel.writeAndFlush(view).addListener(write -> sent(write, request.size()));
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
        failed(name);
        close();
    }

    /** Ends the operation as its answer says; the connection stays as it is. */
    final void conclude(Answer answer) {
        if (answer.failure() == null) {
            complete();
        } else {
            failed(answer.failure());
        }
    }

    private void failed(String name) {
        if (busy) {
            generator.tally().failed(name, received);
            operationEnded();
        }
    }

    @Override
    public final void giveUp() {
        if (busy) {
            generator.tally().givenUp(1);
            operationEnded();
        }
        close();
    }

    @Override
    public final void tooLate() {
        if (!established || secured || line.security() == null) {
            giveUp();
        } else {
            fail(Failures.UNANSWERED);
        }
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

    /** A new operation, on a new connection or on one that was resting. */
    final void begin(long intendedNanos) {
        intended = intendedNanos;
        received = 0;
        line.answers().begin();
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
            established = true;
            onEstablished();
            if (line.security() == null) {
                onConnected();
            }
        }
    }

    private void sent(Future<?> write, int size) {
        if (write.isSuccess()) {
            sending = null;
            generator.tally().sent(size);
            onSent();
            return;
        }
        tallyPartlySent();
        // A closed channel isn't a reason: the reason is reported elsewhere.
        if (!(write.cause() instanceof ClosedChannelException)) {
            fail(Failures.nameOf(write.cause()));
        }
    }

    private void tallyPartlySent() {
        // With TLS it shows what was encrypted, not what the kernel took.
        if (sending != null && line.security() == null) {
            generator.tally().sent(sending.readerIndex());
        }
        sending = null;
    }

    private void operationEnded() {
        busy = false;
        onOperationEnd();
        arrive();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        try {
            if (message instanceof ByteBuf bytes) {
                received(bytes.readableBytes());
            }
            if (busy) {
                answered(line.answers().read(message));
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    /** So many bytes were read. */
    final void received(int size) {
        received += size;
        generator.tally().received(size);
    }

    private void answered(@Nullable Answer answer) {
        if (answer == null) {
            return;
        }
        if (answer.status() != null) {
            generator.tally().answered(answer.status());
        }
        // An answer that came before the whole request was sent leaves the rest of it in the way of the next.
        boolean reusable = answer.reusable() && sending == null && channel.isActive();
        onAnswered(new Answer(answer.status(), answer.failure(), reusable));
    }

    /** TLS: the connection can be used now, or never. */
    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof SslHandshakeCompletionEvent handshake) {
            if (!handshake.isSuccess()) {
                fail(Failures.ofHandshake(handshake.cause()));
                return;
            }
            secured = true;
            if (busy) {
                onConnected();
            }
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        fail(Failures.nameOf(cause));
    }

    /** The channel's last event, after a failed write or read was reported; its socket is closed. */
    @Override
    public void channelUnregistered(ChannelHandlerContext context) {
        tallyPartlySent();
        if (busy) {
            answered(line.answers().ended());
        }
        if (busy) {
            onEndOfStream();
        }
        yieldPlace();
        generator.closed(this);
    }
}
