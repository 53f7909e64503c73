package io.tcplab.experiments.catalogue;

import io.tcplab.client.ShortLived;
import io.tcplab.experiments.EvidenceMissing;
import io.tcplab.experiments.Trial;
import io.tcplab.experiments.cell.Host;
import io.tcplab.experiments.cell.RunningServer;
import io.tcplab.kernel.sockets.Census;
import io.tcplab.kernel.sockets.SocketQuery;
import io.tcplab.kernel.sockets.TcpState;
import java.time.Duration;
import java.util.List;

/**
 * One connection that goes ahead of others, to see how long its TIME_WAIT lasts among them.
 *
 * @param host whose TIME_WAIT it is
 * @param begun the host's sockets when it had begun
 */
record GoneAhead(Host host, Census begun, Start closing) {

    /** Connects from that port of the client, and closes. */
    static GoneAhead from(Trial trial, int port, ShortLived load, RunningServer server, Host closer)
            throws InterruptedException {
        var client = trial.client();
        var plan = client.plan(load, server).withSources(List.of(client.at(port)));
        Start closing = Start.of(() -> {
            client.load(plan).awaitEach(Host.SOON);
            closer.await(census -> census.count(TcpState.TIME_WAIT) > 0);
        });
        return new GoneAhead(closer, closer.census(), closing);
    }

    /**
     * Waits for the end of its TIME_WAIT.
     *
     * @throws EvidenceMissing if it had none
     */
    Lasted await(Duration patience) throws InterruptedException {
        var socket = begun.in(TcpState.TIME_WAIT).stream()
                .findFirst()
                .orElseThrow(() -> new EvidenceMissing("the connection that went ahead left no TIME_WAIT"));
        SocketQuery its = SocketQuery.ofStates(TcpState.TIME_WAIT)
                .withLocalPort(socket.port())
                .withPeerPort(socket.peer().getPort());
        return Lasted.await(host, its, closing, patience);
    }
}
