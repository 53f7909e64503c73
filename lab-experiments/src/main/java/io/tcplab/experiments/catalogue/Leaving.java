package io.tcplab.experiments.catalogue;

import io.tcplab.experiments.Trial.Action;
import io.tcplab.experiments.cell.Host;
import io.tcplab.kernel.sockets.SocketQuery;
import io.tcplab.kernel.sockets.TcpState;
import java.time.Duration;

/**
 * A socket that its kernel will end by itself.
 *
 * @param state in which it waits for its end
 * @param port its own
 * @param start of the time that it has left
 */
record Leaving(Host host, TcpState state, int port, Start start) {

    /** Does what makes the socket on this port leave. */
    static Leaving after(Action action, Host host, TcpState state, int port) throws InterruptedException {
        return new Leaving(host, state, port, Start.of(action));
    }

    /** How long it will have lasted, by its timer: see {@link Lasted#byTimer}. */
    Lasted byTimer() throws InterruptedException {
        return Lasted.byTimer(host, query(), start);
    }

    /** Looks until it is gone or patience, which starts now, is over: see {@link Lasted#await}. */
    Lasted await(Duration patience) throws InterruptedException {
        return Lasted.await(host, query(), start, patience);
    }

    private SocketQuery query() {
        return SocketQuery.ofStates(state).withLocalPort(port);
    }
}
