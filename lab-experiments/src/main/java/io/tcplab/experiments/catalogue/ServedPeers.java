package io.tcplab.experiments.catalogue;

import io.tcplab.experiments.Trial;
import io.tcplab.experiments.cell.RunningServer;
import io.tcplab.kernel.calls.Socket;
import io.tcplab.kernel.sockets.Census;
import io.tcplab.kernel.sockets.TcpState;
import io.tcplab.server.Behaviour;
import java.util.List;

/**
 * Peers of one server.
 *
 * @param port the server's
 */
record ServedPeers(int port, List<Socket> peers) {

    /** This many connect to a server that behaves like this, until it has accepted all. */
    static ServedPeers connect(Trial trial, Behaviour behaviour, int count) throws InterruptedException {
        RunningServer server = trial.server().serve(behaviour);
        int port = server.address().getPort();
        List<Socket> peers = trial.connect(server.address(), count);
        // A loop that is stuck before it has accepted would leave them in the backlog, which is another story.
        trial.server()
                .await(all -> all.count(TcpState.ESTABLISHED, one -> one.port() == port && one.hasOwner()) == count);
        return new ServedPeers(port, peers);
    }

    /** Each sends this many bytes, then a FIN. */
    void sendAndEnd(int bytes) {
        for (Socket peer : peers) {
            peer.send(bytes).orThrow("send what nobody reads");
            peer.shutdownOutput().orThrow("shutdown");
        }
    }

    /** How many of the server's ends are in CLOSE_WAIT, owned, with this much unread. */
    long waiting(Census census, long unread) {
        return census.count(
                TcpState.CLOSE_WAIT, one -> one.port() == port && one.recvQueue() == unread && one.hasOwner());
    }
}
