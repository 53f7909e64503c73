package io.tcplab.server;

import io.tcplab.transport.Spec;

/**
 * The leak that looks like the other one: the connection is accepted and never read, so that EOF isn't reached. In real
 * servers the accepted socket waits in a queue for a worker that never comes, or reading was paused for back-pressure
 * and the resume was lost.
 *
 * <p>The kernel shows CLOSE_WAIT as with a forgotten {@code close()}, but Recv-Q counts what nobody has read, and one
 * more for the FIN ({@code tcp_diag_get_info}: {@code rcv_nxt - copied_seq}). Closing such a socket sends a RST if
 * bytes are unread.
 *
 * <p>Netty's {@code autoRead=false} wouldn't do: on epoll and io_uring a FIN (RDHUP) makes Netty read to the end all
 * the same. The accepted channel is therefore never registered with an event loop, and no system call touches its
 * descriptor.
 */
public record NeverRead() implements Behaviour {
    static final String NAME = "never-read";

    static NeverRead of(Spec spec) {
        spec.allow();
        return new NeverRead();
    }

    @Override
    public Spec toSpec() {
        return Spec.of(NAME);
    }

    @Override
    public String summary() {
        return "accepts, and never reads: it never sees EOF";
    }
}
