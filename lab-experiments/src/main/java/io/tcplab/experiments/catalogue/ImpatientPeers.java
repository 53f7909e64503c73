package io.tcplab.experiments.catalogue;

import static java.util.stream.Collectors.toUnmodifiableSet;

import io.tcplab.experiments.Trial;
import io.tcplab.experiments.cell.Connection;
import io.tcplab.experiments.cell.Host;
import io.tcplab.kernel.calls.Socket;
import io.tcplab.kernel.sockets.Census;
import io.tcplab.kernel.sockets.TcpSocket;
import io.tcplab.kernel.sockets.TcpState;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** Connections whose peers send a request and give up after this many seconds. */
record ImpatientPeers(long timeout, List<Connection> opened, Set<Integer> ports) {
    /** Of a request and of an answer, in bytes. */
    private static final int LENGTH = 64;

    /** This many connections with each of these timeouts; the servers have read their requests. */
    static List<ImpatientPeers> open(Trial trial, List<Long> timeouts, int connections) throws InterruptedException {
        Socket listener = trial.listener(connections);
        List<ImpatientPeers> groups = new ArrayList<>();
        for (long timeout : timeouts) {
            List<Connection> opened = trial.open(listener, connections);
            for (Connection connection : opened) {
                connection.client().send(LENGTH).orThrow("send the request");
                Reading.exactly(LENGTH, connection.server());
            }
            Set<Integer> ports = opened.stream().map(Connection::port).collect(toUnmodifiableSet());
            groups.add(new ImpatientPeers(timeout, opened, ports));
        }
        return groups;
    }

    /** They close, before they have an answer. */
    void giveUp() {
        opened.forEach(connection -> connection.client().close());
    }

    /** Each handler answers and, when its peer has gone, closes. */
    void finish(Trial trial) throws InterruptedException {
        for (Connection connection : opened) {
            connection.server().send(LENGTH).orThrow("send the answer");
            if (!trial.faulty()) {
                Reading.exactly(LENGTH, connection.client());
                connection.client().close();
                connection.server().receive(1, Host.SOON).orThrow("read EOF");
            }
            connection.server().close();
        }
    }

    /** Those whose request has been read, and whose FIN has not. */
    long inCloseWait(Census census) {
        Predicate<TcpSocket> stuck = one -> one.recvQueue() == 1 && one.hasOwner();
        return census.count(
                TcpState.CLOSE_WAIT, stuck.and(one -> ports.contains(one.peer().getPort())));
    }
}
