package io.tcplab.server;

import io.tcplab.transport.Spec;

/**
 * A server that listens and has stopped calling {@code accept(2)}: its accepting thread is stuck, or it is out of
 * descriptors, or still starting. Clients see nothing wrong at first.
 *
 * <p>The kernel completes handshakes without the process until the accept queue holds min(backlog, somaxconn) + 1
 * connections ({@code sk_acceptq_is_full} compares with {@code >}); those are ESTABLISHED with inode 0, since no file
 * belongs to them. If their peers close they are CLOSE_WAIT, still without an owner. Further SYNs are dropped
 * (ListenOverflows, ListenDrops) and clients retransmit them.
 *
 * <p>{@link LabServer#resumeAccepting()} ends the fault; what is accepted then is treated as {@link WellBehaved} does.
 */
public record StopAccepting() implements Behaviour {
    static final String NAME = "stop-accepting";

    static StopAccepting of(Spec spec) {
        spec.allow();
        return new StopAccepting();
    }

    @Override
    public Spec toSpec() {
        return Spec.of(NAME);
    }

    @Override
    public String summary() {
        return "listens, and never calls accept";
    }
}
