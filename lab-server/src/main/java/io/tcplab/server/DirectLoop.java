package io.tcplab.server;

import io.netty.channel.IoEventLoop;
import io.netty.channel.unix.Socket;
import io.netty.util.concurrent.Future;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
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
    private boolean closing;

    DirectLoop(IoEventLoop loop, Behaviour behaviour, ServerMeters meters) {
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

    void closed(DirectEcho connection, CloseCause cause) {
        open.remove(connection);
        meters.closed(cause);
    }
}
