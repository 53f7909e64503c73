package io.tcplab.diagnose.causes;

import io.tcplab.diagnose.sample.SocketRow;
import io.tcplab.kernel.sockets.TcpState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The kernel opened the connection, the peer may have closed it again, and nobody has called accept() yet. */
final class NeverAccepted extends Cause {
    NeverAccepted() {
        super("never-accepted", "connections that nobody accepts");
    }

    @Override
    public List<Finding> find(Evidence evidence) {
        List<SocketRow> open = evidence.in(TcpState.ESTABLISHED).stream()
                .filter(socket -> !socket.isHeld() && evidence.lasts(socket, evidence.patience()))
                .toList();
        return Stream.of(
                        find(
                                evidence,
                                TcpState.CLOSE_WAIT,
                                evidence.closeWaits().of(CloseWaits.Kind.NEVER_ACCEPTED)),
                        find(evidence, TcpState.ESTABLISHED, open))
                .flatMap(Optional::stream)
                .toList();
    }

    /** What was left open by mistake, in a child for instance, keeps the port and serves no one. */
    @Override
    public List<String> observe(Evidence evidence) {
        return evidence.in(TcpState.LISTEN).stream()
                .filter(listener -> listener.recvQueue() == 0)
                .flatMap(listener -> Unattended.words(evidence, listener).stream()
                        .map(words -> "the listener " + listener.local() + Words.holders(evidence, listener)
                                + ": " + words
                                + ". Either it is busy elsewhere, or it holds the listener by"
                                + " accident: a child inherits a"
                                + " listener without FD_CLOEXEC, and keeps the port after its server has ended"
                                + " (EADDRINUSE)"))
                .toList();
    }

    private Optional<Finding> find(Evidence evidence, TcpState state, List<SocketRow> sockets) {
        if (sockets.isEmpty()) {
            return Optional.empty();
        }
        int growth = evidence.closeWaits().growth(sockets);
        List<String> lines = new ArrayList<>();
        String unattended = "";
        for (SocketRow listener : evidence.in(TcpState.LISTEN)) {
            if (sockets.stream().anyMatch(socket -> socket.localPort() == listener.localPort())) {
                lines.add("the listener " + listener.local() + Words.holders(evidence, listener) + " has "
                        + Words.count(listener.recvQueue(), "connection") + " in its accept queue, of "
                        + (listener.sendQueue() + 1) + " that fit");
                lines.addAll(Words.suspensions(evidence, List.of(listener)));
                Optional<String> nobody = Unattended.words(evidence, listener);
                nobody.ifPresent(lines::add);
                unattended =
                        nobody.isPresent() ? Words.holders(evidence, listener).replaceFirst("^, ", "") : unattended;
            }
        }
        lines.add("the oldest has waited for at least " + Words.time(Words.oldest(evidence, sockets)) + "; "
                + Words.growth(evidence, growth));
        lines.addAll(Words.examples(evidence, sockets));
        return Optional.of(new Finding(
                id(),
                Words.count(sockets.size(), "connection")
                        + (state == TcpState.CLOSE_WAIT
                                ? " closed by the peer before anybody accepted it"
                                : " that nobody accepts"),
                Optional.of(state),
                sockets.size(),
                growth,
                Certainty.CERTAIN,
                "their inode is 0: no process ever had a descriptor. An orphan would be in another state",
                List.of(),
                lines,
                (unattended.isEmpty()
                                ? ""
                                : "First check whether the process that holds the listener (" + unattended
                                        + ") is the server: a child inherits it"
                                        + " without FD_CLOEXEC, and keeps it after the server has ended. If it is: ")
                        + "The accept loop is stuck, has ended, or is slower than connections arrive: a blocked"
                        + " acceptor thread, a"
                        + " pool without a free thread, EMFILE in a loop. A long backlog only hides it for longer.",
                Reproduction.CLOSE_WAIT_BACKLOG.experiment()));
    }
}
