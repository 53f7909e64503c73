package io.tcplab.experiments.catalogue;

import io.tcplab.experiments.Role;
import io.tcplab.experiments.Trial;
import io.tcplab.experiments.cell.Connection;
import io.tcplab.experiments.cell.Host;
import io.tcplab.kernel.calls.CallResult;
import io.tcplab.kernel.calls.Socket;
import java.net.InetSocketAddress;

/** Ports that a closed connection has left: in TIME_WAIT, and without the fault in no state at all. */
final class LeftPorts extends Vocabulary {
    /** Second argument of listen(2). */
    static final int BACKLOG = 8;

    private LeftPorts() {}

    /** A client closes its connection first; returns where it was. */
    static InetSocketAddress ofClient(Trial trial, Socket listener) throws InterruptedException {
        Socket client = trial.client().socket();
        client.reuseAddress(true).orThrow("setsockopt SO_REUSEADDR");
        Connection connection = Connection.open(client, listener);
        InetSocketAddress port = client.local();
        close(trial, connection, CLIENT);
        return port;
    }

    /** A server closes its connection first, then its listener, as at its end; returns where it was. */
    static InetSocketAddress ofServer(Trial trial, boolean reuse) throws InterruptedException {
        Socket listener = trial.server().socket();
        listener.reuseAddress(reuse).orThrow("setsockopt SO_REUSEADDR");
        listener.bind(trial.server().at(0)).orThrow("bind");
        listener.listen(BACKLOG).orThrow("listen");
        InetSocketAddress address = listener.local();
        close(trial, trial.open(listener), SERVER);
        listener.close();
        return address;
    }

    private static void close(Trial trial, Connection connection, Role first) throws InterruptedException {
        if (!trial.faulty()) {
            connection.resetFrom(first);
            return;
        }
        long before = trial.host(first).count(TIME_WAIT);
        connection.closeFrom(first);
        trial.host(first).await(census -> census.count(TIME_WAIT) > before);
    }

    /** A socket with SO_REUSEADDR on that port. */
    static Socket bound(Host host, InetSocketAddress from) {
        Socket socket = host.socket();
        socket.reuseAddress(true).orThrow("setsockopt SO_REUSEADDR");
        socket.bind(from).orThrow("bind to " + from + " with SO_REUSEADDR");
        return socket;
    }

    /** What bind(), and then listen(), says about that port; leaves nothing behind. */
    static String listen(Host host, InetSocketAddress address, boolean reuse) {
        try (Socket socket = host.socket()) {
            socket.reuseAddress(reuse).orThrow("setsockopt SO_REUSEADDR");
            CallResult<Boolean> bound = socket.bind(address);
            return (bound.ok() ? socket.listen(1) : bound).name();
        }
    }

    /** What bind() or listen() says when a server starts again on that port, with SO_REUSEADDR, or else its client's connect(). */
    static String restartAndConnect(Trial trial, InetSocketAddress address) throws InterruptedException {
        Socket again = trial.server().socket();
        again.reuseAddress(true).orThrow("setsockopt SO_REUSEADDR");
        CallResult<Boolean> restarted = again.bind(address);
        boolean listens = restarted.ok() && again.listen(BACKLOG).ok();
        return (listens ? trial.client().socket().connect(address, SOON) : restarted).name();
    }
}
