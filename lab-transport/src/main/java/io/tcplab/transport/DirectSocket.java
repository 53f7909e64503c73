package io.tcplab.transport;

import io.netty.channel.IoEvent;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.Socket;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A socket on an event loop of epoll without a channel around it: for connections that last for microseconds and come by ten
 * thousands a second. A channel with its pipeline, its promises and its events costs several times what the kernel's part of
 * such a connection does, and a storm would measure that. The system calls are Netty's, and so is the waiting.
 *
 * <p>The descriptor joins the epoll set only when there is something to wait for. Everything runs on the loop's thread.
 */
public abstract class DirectSocket implements EpollIoHandle {
    private final IoEventLoop loop;
    private final Socket socket;
    private @Nullable IoRegistration registration;
    private @Nullable EpollIoOps awaited;

    protected DirectSocket(IoEventLoop loop, Socket socket) {
        this.loop = loop;
        this.socket = socket;
    }

    /** What was awaited has come, or the connection is broken, which the next call on the socket says. Closed ones hear nothing. */
    protected abstract void ready();

    protected final Socket socket() {
        return socket;
    }

    protected final IoEventLoop loop() {
        return loop;
    }

    /**
     * {@link #ready()} from now on as long as one of these holds. The kernel is asked only for what differs: it would report EPOLLERR and
     * EPOLLHUP anew each time, and a socket that has met a reset and waits for nothing would be ready for ever.
     */
    protected final void await(EpollIoOps ops) {
        if (ops.equals(awaited)) {
            return;
        }
        awaited = ops;
        IoRegistration registered = registration;
        if (registered == null) {
            registered = register();
            registration = registered;
        }
        registered.submit(ops);
    }

    /** At once, since the loop's own thread asks for it. */
    private IoRegistration register() {
        Future<IoRegistration> registered = loop.register(this);
        if (!registered.isSuccess()) {
            throw new IllegalStateException("the event loop takes no socket", registered.cause());
        }
        return registered.getNow();
    }

    /** {@code close(2)}, which takes the descriptor off the epoll set, too. Callable again. */
    protected final void closeSocket() {
        if (!socket.isOpen()) {
            return;
        }
        try {
            socket.close();
        } catch (IOException told) {
            // The descriptor is free all the same (close(2), "Dealing with error returns from close()").
        }
        if (registration != null) {
            registration.cancel(); // after close: nothing is left to take off the set
        }
    }

    @Override
    public final Socket fd() {
        return socket;
    }

    @Override
    public final void handle(IoRegistration registered, IoEvent event) {
        if (socket.isOpen()) {
            ready();
        }
    }

    /** Also called when the loop ends. */
    @Override
    public abstract void close();
}
