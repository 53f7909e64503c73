package io.tcplab.server;

import io.netty.buffer.ByteBuf;
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
    private @Nullable ByteBuf unsent;

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
                unsent = shared.keep(this, buffer.slice(sent, size - sent));
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

    /**
     * Where it isn't closed a reset still wakes it, once, since EPOLLERR needs no asking. Another read doesn't show it: that goes on
     * returning 0 (SOCK_DONE in tcp_recvmsg_locked()).
     */
    private void endOfInput() {
        if (shared.closesAtEnd()) {
            close(CloseCause.PEER_EOF);
        } else {
            await(EpollIoOps.NONE);
        }
    }

    /** Whether the kernel has taken all of it, and more is to be read. */
    private boolean flush(ByteBuf rest) throws IOException {
        ByteBuffer bytes = rest.internalNioBuffer(rest.readerIndex(), rest.readableBytes());
        rest.skipBytes(send(bytes, bytes.position(), bytes.limit()));
        if (rest.isReadable()) {
            return false;
        }
        unsent = null;
        shared.release(this, rest);
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

    /** By a reset: a peer that doesn't read would otherwise have the kernel probe its window for minutes. */
    void giveUp() {
        try {
            socket().setSoLinger(0);
        } catch (IOException gone) {
            // Then nothing is left to reset.
        }
        close(CloseCause.LOCAL_CLOSE);
    }

    private void close(CloseCause cause) {
        closeSocket();
        ByteBuf rest = unsent;
        if (rest != null) {
            unsent = null;
            shared.release(this, rest);
        }
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
