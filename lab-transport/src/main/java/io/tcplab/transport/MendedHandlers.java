package io.tcplab.transport;

import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.IoRegistration;
import io.netty.util.concurrent.ThreadAwareExecutor;

/**
 * Netty's I/O handlers with another way to register.
 *
 * @param netty makes what does all else
 */
record MendedHandlers(IoHandlerFactory netty, Registering registering) implements IoHandlerFactory {
    /** How a handle comes to a handler of Netty's. */
    @FunctionalInterface
    interface Registering {
        /** Registers it. */
        IoRegistration register(IoHandler netty, IoHandle handle) throws Exception;
    }

    @Override
    public IoHandler newHandler(ThreadAwareExecutor executor) {
        return new Handler(netty.newHandler(executor), registering);
    }

    @Override
    public boolean isChangingThreadSupported() {
        return netty.isChangingThreadSupported();
    }

    private record Handler(IoHandler netty, Registering registering) implements IoHandler {
        @Override
        public IoRegistration register(IoHandle handle) throws Exception {
            return registering.register(netty, handle);
        }

        @Override
        public void initialize() {
            netty.initialize();
        }

        @Override
        public int run(IoHandlerContext context) {
            return netty.run(context);
        }

        @Override
        public void prepareToDestroy() {
            netty.prepareToDestroy();
        }

        @Override
        public void destroy() {
            netty.destroy();
        }

        @Override
        public void wakeup() {
            netty.wakeup();
        }

        @Override
        public boolean isCompatible(Class<? extends IoHandle> handleType) {
            return netty.isCompatible(handleType);
        }
    }
}
