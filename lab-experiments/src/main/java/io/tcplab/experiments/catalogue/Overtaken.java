package io.tcplab.experiments.catalogue;

import io.tcplab.experiments.Trial;
import io.tcplab.experiments.cell.Connection;
import io.tcplab.experiments.cell.Host;
import io.tcplab.kernel.calls.Socket;
import io.tcplab.kernel.sockets.TcpState;
import io.tcplab.kernel.wire.Match;
import io.tcplab.kernel.wire.RuleHandle;

/** A client that others overtake: the accept queue is full when its ACK arrives. */
final class Overtaken {
    private Overtaken() {}

    /** Connects; its ACK arrives when others have filled the queue, unless the server accepts them and greets it. */
    static Socket connect(Trial trial, Socket listener, int backlog) throws InterruptedException {
        trial.step("a client connects, and its ACK is late");
        Socket client = Connection.bound(trial.client());
        RuleHandle late = trial.hold("ACK late", Match.toServer().bareAck().fromPort(client.port()));
        client.connect(listener.local(), Host.SOON).orThrow("connect");
        OnTheWire.awaitMatch(late, "the client's ACK");
        int room = backlog + 1;
        for (int i = 0; i < room; i++) {
            trial.connect(listener.local());
            if (!trial.faulty()) {
                listener.accept(Host.SOON).orThrow("accept");
            }
        }
        trial.server()
                .await(census -> census.count(TcpState.ESTABLISHED, one -> one.port() == listener.port()) == room);
        late.release();
        if (!trial.faulty()) {
            listener.accept(Host.SOON).orThrow("accept").send(1).orThrow("send");
        }
        return client;
    }

    /** Counts the SYN-ACKs that are sent to it from now on. */
    static RuleHandle synAcksTo(Socket client, Trial trial) {
        return trial.count("SYN-ACK again", Match.toClient().synAck().toPort(client.port()));
    }
}
