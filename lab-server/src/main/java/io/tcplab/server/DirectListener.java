package io.tcplab.server;

import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.Socket;
import io.netty.util.concurrent.Future;
import io.tcplab.transport.DirectSocket;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Accepts for {@link DirectService}, and pauses as {@link Acceptor} does when {@code accept(2)} fails. */
final class DirectListener extends DirectSocket {
    /** After so many the loop looks at its connections again. */
    private static final int BATCH = 64;

    private final List<DirectLoop> loops;
    private final ServerMeters meters;
    /** Where {@code accept(2)} writes the peer's address: a length and at most 24 bytes (IPv6, scope, port). */
    private final byte[] peer = new byte[26];

    private int next;

    DirectListener(List<DirectLoop> loops, Socket socket, ServerMeters meters) {
        super(loops.getFirst().loop(), socket);
        this.loops = loops;
        this.meters = meters;
    }

    InetSocketAddress address() {
        return socket().localAddress();
    }

    void resume() {
        if (socket().isOpen()) {
            await(EpollIoOps.EPOLLIN);
        }
    }

    @Override
    protected void ready() {
        try {
            for (int i = 0; i < BATCH; i++) {
                int descriptor = socket().accept(peer);
                if (descriptor < 0) {
                    return;
                }
                meters.accepted();
                loops.get(next).serve(new Socket(descriptor));
                next = (next + 1) % loops.size();
            }
        } catch (IOException refused) {
            meters.acceptFailed(refused);
            await(EpollIoOps.NONE);
            var ignored = loop().schedule(this::resume, Acceptor.REST_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    Future<?> closeOnLoop() {
        return loop().submit(this::close);
    }

    @Override
    public void close() {
        closeSocket();
    }
}
