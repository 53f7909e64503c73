package io.tcplab.client;

import io.netty.channel.IoEventLoop;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.Socket;
import io.tcplab.transport.DirectSocket;
import io.tcplab.transport.Errnos;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * One connection of {@link ShortLived} without a channel, as {@link ShortLived.Handler} is one with it: what makes a storm.
 *
 * <p>It tries before it waits. On a link without delay the handshake is over when {@code connect(2)} returns, so that the
 * request goes out at once; {@code send(2)} fails with EAGAIN where it isn't.
 */
final class DirectShortLived extends DirectSocket implements Connection {
    private static final EpollIoOps SENDING = EpollIoOps.EPOLLIN.with(EpollIoOps.EPOLLOUT);

    private final ShortLived load;
    private final Generator generator;
    private final ByteBuffer payload;
    /** What is read is only counted: one buffer for all connections of the loop. */
    private final ByteBuffer scratch;

    private long intended;
    private boolean busy;
    private boolean connected;
    private int sent;
    private long received;
    private int answered;

    DirectShortLived(
            ShortLived load,
            Generator generator,
            IoEventLoop loop,
            Socket socket,
            ByteBuffer payload,
            ByteBuffer scratch) {
        super(loop, socket);
        this.load = load;
        this.generator = generator;
        this.payload = payload;
        this.scratch = scratch;
    }

    @Override
    public void begin(long intendedNanos) {
        intended = intendedNanos;
        busy = true;
    }

    void connect(Dialer.Route route) {
        try {
            if (route.source() != null) {
                socket().bind(route.source());
            }
            if (socket().connect(route.target())) {
                onConnected();
            } else if (payload.capacity() > 0) {
                send();
            } else if (isEstablished()) {
                onConnected();
            } else {
                await(EpollIoOps.EPOLLOUT);
            }
        } catch (IOException refused) {
            fail(Errnos.nameOf(refused));
        }
    }

    /** {@code getpeername(2)} fails with ENOTCONN until the handshake is over. */
    private boolean isEstablished() {
        return socket().remoteAddress() != null;
    }

    @Override
    protected void ready() {
        try {
            if (!connected) {
                if (socket().finishConnect()) {
                    onConnected();
                }
            } else if (sent < payload.capacity()) {
                send();
            }
            if (connected && busy) {
                receive();
            }
        } catch (IOException broken) {
            fail(Errnos.nameOf(broken));
        }
    }

    @Override
    public void onConnected() {
        tellConnected();
        if (payload.capacity() > 0) {
            trySend();
        } else {
            onAllRequestsDone();
        }
    }

    private void tellConnected() {
        connected = true;
        generator.tally().connected(generator.now() - intended);
    }

    private void trySend() {
        try {
            send();
        } catch (IOException broken) {
            fail(Errnos.nameOf(broken));
        }
    }

    /** Sends what is left of a request; 0 bytes, where the handshake isn't over or the send buffer is full. */
    private void send() throws IOException {
        int size = socket().send(payload, sent, payload.capacity());
        if (size > 0 && !connected) {
            tellConnected();
        }
        sent += size;
        generator.tally().sent(size);
        await(sent == payload.capacity() ? EpollIoOps.EPOLLIN : connected ? SENDING : EpollIoOps.EPOLLOUT);
    }

    private void receive() throws IOException {
        int size = socket().recv(scratch, 0, scratch.capacity());
        if (size < 0) {
            onEndOfStream();
        } else if (size > 0) {
            received += size;
            generator.tally().received(size);
            onReceived();
        }
    }

    private void onReceived() throws IOException {
        if (answered == load.requests() || received < payload.capacity() * (answered + 1L)) {
            return;
        }
        answered++;
        if (answered < load.requests()) {
            sent = 0;
            send();
        } else {
            onAllRequestsDone();
        }
    }

    private void onAllRequestsDone() {
        if (load.closesFirst() == ShortLived.Closer.CLIENT) {
            complete();
            close();
        } else {
            await(EpollIoOps.EPOLLIN);
        }
    }

    private void onEndOfStream() {
        if (answered == load.requests() || payload.capacity() == 0) {
            complete();
            close();
        } else {
            fail(LoadReport.END_OF_STREAM);
        }
    }

    private void complete() {
        generator.tally().completed(generator.now() - intended);
        operationEnded();
    }

    private void fail(String name) {
        if (busy) {
            generator.tally().failed(name, received);
            operationEnded();
        }
        close();
    }

    private void operationEnded() {
        busy = false;
        generator.arrived(1);
    }

    /** A connection holds nothing after its operation. */
    @Override
    public void onRelease() {}

    @Override
    public void giveUp() {
        close();
    }

    /** An operation that hasn't ended is given up. */
    @Override
    public void close() {
        if (!socket().isOpen()) {
            return;
        }
        if (busy) {
            generator.tally().givenUp(1);
            operationEnded();
        }
        closeSocket();
        generator.placeFreed();
        generator.closed(this);
    }
}
