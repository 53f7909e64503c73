package io.tcplab.experiments.catalogue;

import io.tcplab.experiments.Role;
import io.tcplab.experiments.Trial;
import io.tcplab.experiments.cell.Connection;
import io.tcplab.kernel.calls.Socket;
import io.tcplab.kernel.sockets.TcpSocket;
import io.tcplab.kernel.sockets.TcpState;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * A client's few ports, each taken by one connection to a listener.
 *
 * @param count how many ports its host has
 */
record FilledPorts(Trial trial, int count) {

    /** A connection from each port, closed by one side first, which leaves its TIME_WAIT there. */
    void leave(Socket listener, Role first) throws InterruptedException {
        close(open(listener), listener, first);
    }

    /** A connection from each port. */
    List<Connection> open(Socket listener) throws InterruptedException {
        List<Connection> open = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            open.add(Connection.open(trial.client().socket(), listener));
        }
        return open;
    }

    /** Closes each, one side first, until that side has a TIME_WAIT for each. */
    void close(List<Connection> open, Socket listener, Role first) throws InterruptedException {
        for (Connection connection : open) {
            connection.closeFrom(first);
        }
        Predicate<TcpSocket> ours =
                one -> (first == Role.CLIENT ? one.peer() : one.local()).getPort() == listener.port();
        trial.host(first).await(census -> census.count(TcpState.TIME_WAIT, ours) == open.size());
    }
}
