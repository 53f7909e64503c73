package io.tcplab.server;

import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.Socket;
import io.tcplab.transport.DirectSocket;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** One connection of {@link DirectService}: what an {@link EchoHandler} does with a channel. */
final class DirectEcho extends DirectSocket {
    private final DirectLoop shared;
    /** What the kernel hasn't taken yet: until it has, nothing more is read, or the memory would grow with the peer's input. */
    private @Nullable ByteBuffer unsent;

    DirectEcho(DirectLoop shared, Socket socket) {
        super(shared.loop(), socket);
        this.shared = shared;
    }

    @Override
    protected void ready() {
        try {
            if (unsent == null || flush(unsent)) {
                echo();
            }
        } catch (IOException broken) {
            close(CloseCause.of(broken));
        }
    }

    private void echo() throws IOException {
        ByteBuffer buffer = shared.buffer();
        int size = socket().recv(buffer, 0, buffer.capacity());
        if (size < 0) {
            endOfInput();
            return;
        }
        if (size > 0) {
            shared.meters().received(size);
            int sent = send(buffer, 0, size);
            if (sent < size) {
                unsent = copy(buffer, sent, size);
                await(EpollIoOps.EPOLLOUT);
                return;
            }
            if (shared.closesFirst()) {
                close(CloseCause.LOCAL_CLOSE);
                return;
            }
        }
        await(EpollIoOps.EPOLLIN);
    }

    /** Where it isn't closed a reset still wakes it: EPOLLERR needs no asking. */
    private void endOfInput() {
        if (shared.closesAtEnd()) {
            close(CloseCause.PEER_EOF);
        } else {
            await(EpollIoOps.NONE);
        }
    }

    /** Whether the kernel has taken all of it. */
    private boolean flush(ByteBuffer rest) throws IOException {
        rest.position(rest.position() + send(rest, rest.position(), rest.limit()));
        if (rest.hasRemaining()) {
            return false;
        }
        unsent = null;
        if (shared.closesFirst()) {
            close(CloseCause.LOCAL_CLOSE);
            return false;
        }
        return true;
    }

    private int send(ByteBuffer bytes, int from, int to) throws IOException {
        int sent = socket().send(bytes, from, to);
        shared.meters().sent(sent);
        return sent;
    }

    /** The loop's buffer is for the next connection that reads. Direct, since the native call takes no other. */
    private static ByteBuffer copy(ByteBuffer bytes, int from, int to) {
        ByteBuffer copy = ByteBuffer.allocateDirect(to - from);
        return copy.put(0, bytes, from, to - from);
    }

    private void close(CloseCause cause) {
        closeSocket();
        shared.closed(this, cause);
    }

    /** The server's own end. */
    @Override
    public void close() {
        if (socket().isOpen()) {
            close(CloseCause.SHUTDOWN);
        }
    }
}
