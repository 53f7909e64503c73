package io.tcplab.server;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.IoEventLoop;
import io.netty.channel.unix.Socket;
import io.netty.util.concurrent.Future;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import java.util.Set;

/** What the connections of one event loop share; only that loop touches it, unless a method says otherwise. */
final class DirectLoop {
    /** Bytes that one read takes at most. */
    private static final int BUFFER = 1 << 16;

    private final IoEventLoop loop;
    private final Behaviour behaviour;
    private final ServerMeters meters;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);
    private final Set<DirectEcho> open = Collections.newSetFromMap(new IdentityHashMap<>());
    /** Those whose peers don't take what they are sent, the longest waiting first. */
    private final SequencedSet<DirectEcho> deaf = new LinkedHashSet<>();

    private final long mostUnsent;
    private long unsent;
    private boolean closing;

    /**
     * Serves nobody yet.
     *
     * @param mostUnsent bytes that are kept for peers that don't read, at most
     */
    DirectLoop(IoEventLoop loop, Behaviour behaviour, ServerMeters meters, long mostUnsent) {
        this.mostUnsent = mostUnsent;
        this.loop = loop;
        this.behaviour = behaviour;
        this.meters = meters;
    }

    IoEventLoop loop() {
        return loop;
    }

    /** From any thread. */
    void serve(Socket accepted) {
        if (loop.inEventLoop()) {
            begin(accepted);
        } else {
            loop.execute(() -> begin(accepted));
        }
    }

    private void begin(Socket accepted) {
        DirectEcho connection = new DirectEcho(this, accepted);
        open.add(connection);
        if (closing) {
            connection.close();
        } else {
            connection.ready(); // most often the request is there already, or the peer's FIN
        }
    }

    /** Closes what it serves, and from now on what it is given. From any thread. */
    Future<?> closeAll() {
        return loop.submit(() -> {
            closing = true;
            List.copyOf(open).forEach(DirectEcho::close);
        });
    }

    boolean closesFirst() {
        return behaviour instanceof WellBehaved it && it.closesFirst();
    }

    /** Whether EOF is answered by a close. */
    boolean closesAtEnd() {
        return behaviour instanceof WellBehaved;
    }

    ServerMeters meters() {
        return meters;
    }

    ByteBuffer buffer() {
        return buffer;
    }

    /**
     * Keeps what the kernel doesn't take, outside the heap, since the native call takes nothing else. Where there is no room, those give way
     * whose peers haven't read for the longest time: else some that never read would end the service for all others.
     */
    ByteBuf keep(DirectEcho connection, ByteBuffer rest) {
        while (unsent + rest.remaining() > mostUnsent && !deaf.isEmpty()) {
            deaf.getFirst().giveUp();
        }
        ByteBuf kept = ByteBufAllocator.DEFAULT.directBuffer(rest.remaining()).writeBytes(rest);
        unsent += kept.capacity();
        deaf.add(connection);
        return kept;
    }

    void release(DirectEcho connection, ByteBuf kept) {
        unsent -= kept.capacity();
        deaf.remove(connection);
        kept.release();
    }

    void closed(DirectEcho connection, CloseCause cause) {
        open.remove(connection);
        meters.closed(cause);
    }
}
