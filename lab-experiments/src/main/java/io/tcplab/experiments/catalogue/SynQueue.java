package io.tcplab.experiments.catalogue;

import io.tcplab.experiments.EvidenceMissing;
import io.tcplab.experiments.Trial;
import io.tcplab.experiments.cell.Connection;
import io.tcplab.experiments.cell.Host;
import io.tcplab.kernel.calls.CallResult;
import io.tcplab.kernel.calls.Socket;
import io.tcplab.kernel.sockets.Census;
import io.tcplab.kernel.sockets.SocketQuery;
import io.tcplab.kernel.sockets.TcpState;
import io.tcplab.kernel.wire.Match;
import java.time.Duration;

/** A listener's half-open connections, which a flood of SYNs fills up to their limit. */
final class SynQueue {
    private final Trial trial;
    private final Socket listener;
    private final int room;

    /** Empty; what the server will answer to the flood is lost. */
    SynQueue(Trial trial, Socket listener, int backlog) {
        this.trial = trial;
        this.listener = listener;
        room = backlog + 1;
        SynFlood.nobodyThere(trial);
    }

    /** The smallest length that leaves less than a quarter of it: tcp_conn_request in net/ipv4/tcp_input.c. */
    static int byMaxSynBacklog(int maxSynBacklog) {
        return maxSynBacklog - maxSynBacklog / 4 + 1;
    }

    /** Sends as many SYNs as fill it, until the server has made up its mind about each. */
    void flood() throws InterruptedException {
        SynFlood.send(trial, listener.local(), room);
        SocketQuery ours = SocketQuery.all().withLocalPort(listener.port());
        trial.server().await(ours, census -> decided(census) >= room, Host.SOON);
    }

    private long decided(Census census) {
        var counters = trial.server().counters();
        long notHeld = counters.get("TcpExtSyncookiesSent") + counters.get("TcpExtListenDrops");
        return census.count(TcpState.SYN_RECV) + notHeld;
    }

    /** With the fault, fills it; again for each client, for after seven seconds the first SYNs are forgotten. */
    private void fillIfFaulty() throws InterruptedException {
        if (trial.faulty()) {
            SynFlood.send(trial, listener.local(), room);
            trial.server().awaitCount(room, TcpState.SYN_RECV);
        }
    }

    /**
     * Makes sure that it was full when a client's SYN came. The flood's SYNs are only ever forgotten: if they are all still there,
     * they were.
     *
     * @throws EvidenceMissing if it wasn't
     */
    private void requireStillFull() {
        SocketQuery flood = SocketQuery.ofStates(TcpState.SYN_RECV).withPeerPort(SynFlood.PORT);
        if (trial.faulty() && trial.server().census(flood).size() < room) {
            throw EvidenceMissing.busy("the flood's SYNs were forgotten before a client's came");
        }
    }

    /** What connect() says to a client while it is full. */
    String connect() throws InterruptedException {
        return connect(Connection.bound(trial.client())).name();
    }

    /** A client connects while it is full; its first ACK never arrives. */
    Socket connectAndLoseAck() throws InterruptedException {
        Socket client = Connection.bound(trial.client());
        var lost = trial.drop(
                "ACK lost", Match.toServer().bareAck().fromPort(client.port()).first(1));
        connect(client).orThrow("connect");
        OnTheWire.awaitMatch(lost, "the client's ACK");
        return client;
    }

    private CallResult<Boolean> connect(Socket client) throws InterruptedException {
        fillIfFaulty();
        var result = client.connect(listener.local(), Host.SOON);
        requireStillFull();
        return result;
    }

    /** How many of these clients connect within that time, as it is now. */
    int connect(int clients, Duration within) throws InterruptedException {
        int connected = 0;
        for (int i = 0; i < clients; i++) {
            connected += Connection.bound(trial.client())
                            .connect(listener.local(), within)
                            .ok()
                    ? 1
                    : 0;
        }
        return connected;
    }

    /** The server waits for this many connections, at most this long, and sends a byte to those that it can accept. */
    void greet(int clients, Duration within) throws InterruptedException {
        SocketQuery all = SocketQuery.ofStates(TcpState.ESTABLISHED).withLocalPort(listener.port());
        trial.server().await(all, census -> census.size() == clients, within);
        for (Socket accepted : Connection.acceptAll(listener)) {
            accepted.send(1).orThrow("send");
        }
    }
}
