package io.tcplab.diagnose.causes;

import io.tcplab.diagnose.sample.SocketRow;
import io.tcplab.kernel.sockets.SocketTimer;
import io.tcplab.kernel.sockets.TcpState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Our FIN is retransmitted, and isn't acknowledged. */
final class CloseUnanswered extends Cause {
    /** One retransmission is nothing; two in a row are more than half a second without an answer. */
    private static final int RETRANSMITS = 2;

    CloseUnanswered() {
        super("fin-unanswered", "unanswered FINs: FIN_WAIT_1, CLOSING and LAST_ACK");
    }

    @Override
    public List<Finding> find(Evidence evidence) {
        return Stream.of(TcpState.FIN_WAIT1, TcpState.CLOSING, TcpState.LAST_ACK)
                .flatMap(state -> find(evidence, state).stream())
                .toList();
    }

    private Optional<Finding> find(Evidence evidence, TcpState state) {
        List<SocketRow> sockets = evidence.in(state).stream()
                .filter(socket -> socket.timer() == SocketTimer.Kind.RETRANSMIT && socket.retransmits() >= RETRANSMITS)
                .toList();
        if (sockets.isEmpty()) {
            return Optional.empty();
        }
        List<String> lines = new ArrayList<>();
        lines.add(
                Words.grouped(sockets, socket -> "with " + socket.peerAddress().getHostAddress()));
        lines.add("retransmitted up to "
                + sockets.stream().mapToInt(SocketRow::retransmits).max().orElse(0) + " times in a row");
        lines.addAll(Words.examples(evidence, sockets));
        return Optional.of(new Finding(
                id(),
                Words.count(sockets.size(), "connection") + " in " + state.label() + " whose FIN isn't acknowledged",
                Optional.of(state),
                sockets.size(),
                0,
                Certainty.LIKELY,
                "the kernel counts unanswered retransmissions",
                List.of(new Rival(
                        "the peer answers, but the path drops its answers",
                        "tcpdump at the peer: do these FINs arrive there?")),
                lines,
                "Look at the path: the host is gone, or a firewall or NAT forgot the connection. The kernel gives"
                        + " up by itself after tcp_orphan_retries.",
                Reproduction.HALF_OPEN.experiment()));
    }
}
