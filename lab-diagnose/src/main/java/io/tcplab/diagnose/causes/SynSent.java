package io.tcplab.diagnose.causes;

import io.tcplab.diagnose.sample.SocketRow;
import io.tcplab.kernel.sockets.TcpState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Connects to somebody who doesn't answer at all. */
final class SynSent implements Cause {
    @Override
    public String id() {
        return "syn-unanswered";
    }

    @Override
    public String lookedFor() {
        return "SYN_SENT to a peer that doesn't answer";
    }

    @Override
    public List<Finding> find(Evidence evidence) {
        List<SocketRow> sockets = evidence.in(TcpState.SYN_SENT).stream()
                .filter(socket -> socket.retransmits() > 0)
                .toList();
        if (sockets.isEmpty()) {
            return List.of();
        }
        List<String> lines = new ArrayList<>();
        lines.add(Words.grouped(sockets, socket -> "to " + socket.peer()));
        lines.add("the SYN was sent again up to "
                + sockets.stream().mapToInt(SocketRow::retransmits).max().orElse(0) + " times");
        lines.addAll(Words.examples(evidence, sockets));
        return List.of(new Finding(
                id(),
                Words.count(sockets.size(), "connect") + " to "
                        + Words.count(
                                sockets.stream().map(SocketRow::peer).distinct().count(), "destination")
                        + " that get no answer, not even a refusal",
                Optional.of(TcpState.SYN_SENT),
                sockets.size(),
                0,
                Certainty.LIKELY,
                "a closed port would answer with RST; silence is a host that is off, a firewall that drops, or a listener"
                        + " whose accept queue is full",
                lines,
                "Check the address and the firewalls on the way, and the listener's accept queue at the other end. Set a"
                        + " connect timeout: the kernel's own is over two minutes (tcp_syn_retries).",
                Reproduction.SYN_RETRY_SCHEDULE.experiment()));
    }
}
