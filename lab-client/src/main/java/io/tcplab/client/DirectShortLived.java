package io.tcplab.client;

import io.netty.channel.IoEventLoop;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.Socket;
import io.tcplab.transport.DirectSocket;
import io.tcplab.transport.Errnos;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

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
    private final Scratch scratch;
    private final Requests requests;
    private final Answers answers;

    private long intended;
    private boolean busy;
    private boolean connected;
    private ByteBuffer request;
    private int sent;
    private long received;
    private int asked = 1;
    private int answered;
    private Answer last = Answer.PLAIN;

    DirectShortLived(
            ShortLived load,
            Generator generator,
            IoEventLoop loop,
            Socket socket,
            Scratch scratch,
            Requests requests,
            Answers answers) {
        super(loop, socket);
        this.load = load;
        this.generator = generator;
        this.scratch = scratch;
        this.requests = requests;
        this.answers = answers;
        this.request = nextRequest();
    }

    void begin(long intendedNanos) {
        intended = intendedNanos;
        busy = true;
        answers.begin();
        answers.requested();
    }

    void connect(Dialer.Route route) {
        try {
            if (route.source() != null) {
                socket().bind(route.source());
            }
            boolean over = socket().connect(route.target());
            if (request.capacity() > 0) {
                send();
            } else if (over || isEstablished()) {
                connected();
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
                if (!socket().finishConnect()) {
                    return;
                }
                connected();
            } else if (sent < request.capacity()) {
                send();
            }
            if (busy) {
                receive();
            }
        } catch (IOException broken) {
            fail(Errnos.nameOf(broken));
        }
    }

    private void connected() throws IOException {
        tellConnected();
        if (request.capacity() > 0) {
            send();
        } else {
            onAllRequestsDone();
        }
    }

    private void tellConnected() {
        connected = true;
        generator.tally().connected(generator.now() - intended);
    }

    private ByteBuffer nextRequest() {
        Payload next = asked < load.requests() ? requests.each() : requests.last();
        return next.memory();
    }

    /** Sends what is left of a request; 0 bytes, where the handshake isn't over or the send buffer is full. */
    private void send() throws IOException {
        int size = socket().send(request, sent, request.capacity());
        if (size > 0 && !connected) {
            tellConnected();
        }
        sent += size;
        generator.tally().sent(size);
        boolean whole = sent == request.capacity();
        await(whole ? EpollIoOps.EPOLLIN : connected ? SENDING : EpollIoOps.EPOLLOUT);
        if (whole && asked == answered) {
            sendNext();
        }
    }

    private void sendNext() throws IOException {
        if (asked < load.requests()) {
            asked++;
            request = nextRequest();
            sent = 0;
            answers.requested();
            send();
        }
    }

    private void receive() throws IOException {
        ByteBuffer memory = scratch.memory();
        int size = socket().recv(memory, 0, memory.capacity());
        if (size < 0) {
            onEndOfStream();
        } else if (size > 0) {
            received += size;
            generator.tally().received(size);
            onAnswer(answers.read(scratch.first(size)));
        }
    }

    private void onAnswer(@Nullable Answer answer) throws IOException {
        if (answer == null || answered == load.requests()) {
            return;
        }
        if (answer.status() != null) {
            generator.tally().answered(answer.status());
        }
        answered++;
        last = answer;
        if (answered == load.requests()) {
            onAllRequestsDone();
        } else if (!answer.good()) {
            conclude();
        } else if (sent == request.capacity()) {
            sendNext();
        }
        // Else it came early: the rest of the request goes out first.
    }

    private void onAllRequestsDone() {
        if (load.closesFirst() == ShortLived.Closer.CLIENT) {
            conclude();
        } else if (sent == request.capacity()) {
            await(EpollIoOps.EPOLLIN);
        }
    }

    private void onEndOfStream() throws IOException {
        onAnswer(answers.ended());
        if (!busy) {
            return;
        }
        if (answered == load.requests() || request.capacity() == 0) {
            conclude();
        } else {
            fail(LoadReport.END_OF_STREAM);
        }
    }

    /** Ends the operation as its last answer says, and closes. */
    private void conclude() {
        if (last.failure() != null) {
            fail(last.failure());
            return;
        }
        generator.tally().completed(generator.now() - intended);
        operationEnded();
        close();
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
        answers.close();
        generator.placeFreed();
        generator.closed(this);
    }
}
