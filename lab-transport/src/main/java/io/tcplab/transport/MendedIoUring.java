package io.tcplab.transport;

import io.netty.channel.IoEvent;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.IoRegistration;
import io.netty.channel.uring.IoUringIoHandle;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringIoHandlerConfig;

/**
 * Netty's io_uring, but for one thing: where there is no memory to read into, one connection is closed and the loop goes on.
 *
 * <p>Netty 4.2.18 asks for a read's memory outside of the block that catches what goes wrong
 * ({@code AbstractIoUringStreamChannel.scheduleRead0}), and its {@code IoUringIoHandler.handle} throws errors on: an OutOfMemoryError
 * there ends the loop's thread, and nobody is served any more. On epoll and NIO it reaches the connection's handlers.
 */
final class MendedIoUring {
    private MendedIoUring() {}

    static IoHandlerFactory newFactory(IoUringIoHandlerConfig config) {
        return new MendedHandlers(
                IoUringIoHandler.newFactory(config),
                (netty, handle) ->
                        netty.register(handle instanceof IoUringIoHandle socket ? new Guarded(socket) : handle));
    }

    /** Also Netty's type, which its handler asks for. */
    private record Guarded(IoUringIoHandle netty) implements IoUringIoHandle {
        @Override
        public void handle(IoRegistration registration, IoEvent event) {
            try {
                netty.handle(registration, event);
            } catch (OutOfMemoryError full) {
                close();
            }
        }

        @Override
        public void registered() {
            netty.registered();
        }

        @Override
        public void unregistered() {
            netty.unregistered();
        }

        @Override
        public void close() {
            try {
                netty.close();
            } catch (Exception notClosed) {
                throw new IllegalStateException("can't close a connection on io_uring", notClosed);
            }
        }
    }
}
