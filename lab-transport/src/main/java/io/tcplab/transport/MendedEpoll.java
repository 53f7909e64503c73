package io.tcplab.transport;

import io.netty.channel.IoHandlerFactory;
import io.netty.channel.IoOps;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollIoOps;

/**
 * Netty's epoll, but for one thing: a connection half-closed by its peer can still wait until it may write.
 *
 * <p>After EOF Netty 4.2.18 waits for no event, and so takes the descriptor off the epoll set ({@code EPOLL_CTL_DEL} in
 * {@code EpollIoHandler}, since netty/netty#16689). It doesn't note that. When the send buffer then fills, its
 * {@code EPOLL_CTL_MOD} fails with ENOENT, and the write with it. Here the descriptor stays in the set: with no event
 * but {@code EPOLLET}, so that EPOLLHUP and EPOLLERR, which can't be turned off, wake the loop once and not for ever.
 */
final class MendedEpoll {
    private MendedEpoll() {}

    static IoHandlerFactory newFactory() {
        return new MendedHandlers(
                EpollIoHandler.newFactory(), (netty, handle) -> new Registration(netty.register(handle)));
    }

    private static final class Registration implements IoRegistration {
        private final IoRegistration netty;
        private boolean added;

        Registration(IoRegistration netty) {
            this.netty = netty;
        }

        /** Before the first event is asked for there is nothing to keep in the set. */
        @Override
        public long submit(IoOps ops) {
            boolean nothing = ops.equals(EpollIoOps.NONE);
            added |= !nothing;
            return netty.submit(nothing && added ? EpollIoOps.EPOLLET : ops);
        }

        @Override
        @SuppressWarnings("TypeParameterUnusedInFormals") // Netty's signature
        public <T> T attachment() {
            return netty.attachment();
        }

        @Override
        public boolean isValid() {
            return netty.isValid();
        }

        @Override
        public boolean cancel() {
            return netty.cancel();
        }
    }
}
