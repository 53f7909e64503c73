package io.tcplab.server;

import io.netty.channel.ChannelHandlerContext;
import io.tcplab.transport.Spec;

/**
 * The classic leak: the code reads EOF and forgets {@code close()}. In real servers it is an exception on the way to
 * the {@code finally} that isn't there, a connection handed back to a pool that nobody drains, or half-closure allowed
 * in Netty without a handler for {@code ChannelInputShutdownEvent}.
 *
 * <p>The kernel shows CLOSE_WAIT with Recv-Q 0 (EOF has been read: {@code tcp_recvmsg_locked} counts the FIN as read),
 * an inode, and a descriptor that stays. No timer ends CLOSE_WAIT: it lasts until the process closes or dies, long
 * after the peer's FIN_WAIT_2 has gone. Only a connection that fails (a reset meets its read or write) is closed.
 */
public record NeverClose() implements Behaviour {
    static final String NAME = "never-close";

    static NeverClose of(Spec spec) {
        spec.allow();
        return new NeverClose();
    }

    @Override
    public Spec toSpec() {
        return Spec.of(NAME);
    }

    @Override
    public String summary() {
        return "echoes, reads the peer's EOF, and forgets to close";
    }

    static final class Handler extends EchoHandler {
        /** The mistake: nothing. */
        @Override
        void endOfInput(ChannelHandlerContext ctx) {}
    }
}
