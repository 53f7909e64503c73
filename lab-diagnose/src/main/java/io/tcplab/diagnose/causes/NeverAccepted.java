package io.tcplab.diagnose.causes;

import io.tcplab.diagnose.sample.SocketRow;
import io.tcplab.kernel.sockets.TcpState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The kernel opened the connection, the peer closed it again, and nobody has called accept() yet. */
final class NeverAccepted implements Cause {
    @Override
    public String id() {
        return "never-accepted";
    }

    @Override
    public String lookedFor() {
        return "CLOSE_WAIT that was never accepted";
    }

    @Override
    public List<Finding> find(Evidence evidence) {
        List<SocketRow> sockets = evidence.closeWaits().of(CloseWaits.Kind.NEVER_ACCEPTED);
        if (sockets.isEmpty()) {
            return List.of();
        }
        int growth = evidence.closeWaits().growth(sockets);
        List<String> lines = new ArrayList<>();
        for (SocketRow listener : evidence.in(TcpState.LISTEN)) {
            if (sockets.stream().anyMatch(socket -> socket.localPort() == listener.localPort())) {
                lines.add("the listener " + listener.local() + " has " + Words.count(listener.recvQueue(), "connection")
                        + " that wait for accept(), of " + (listener.sendQueue() + 1) + " that fit");
            }
        }
        lines.add("the oldest has waited for at least " + Words.time(Words.oldest(sockets)) + "; "
                + Words.growth(evidence, growth));
        lines.addAll(Words.examples(evidence, sockets));
        return List.of(new Finding(
                id(),
                Words.count(sockets.size(), "connection") + " that the peer has closed before anybody accepted it",
                Optional.of(TcpState.CLOSE_WAIT),
                sockets.size(),
                growth,
                Certainty.CERTAIN,
                "their inode is 0: no process ever got a descriptor. An orphan would be in LAST_ACK",
                lines,
                "The accept loop is stuck, has ended, or is slower than connections come: a blocked acceptor thread, a"
                        + " pool without a free thread, EMFILE in a loop. A deep backlog only hides it for longer.",
                "close-wait-backlog"));
    }
}
