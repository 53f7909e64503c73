package io.tcplab.diagnose.causes;

import io.tcplab.diagnose.sample.SocketRow;
import io.tcplab.kernel.sockets.TcpState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Connections that this program opened, which the peer has closed, and which wait in a pool that doesn't check. */
final class IdlePool implements Cause {
    @Override
    public String id() {
        return "idle-pool";
    }

    @Override
    public String lookedFor() {
        return "pooled connections that the peer has closed";
    }

    @Override
    public List<Finding> find(Evidence evidence) {
        List<SocketRow> sockets = evidence.closeWaits().of(CloseWaits.Kind.POOLED);
        if (sockets.isEmpty()) {
            return List.of();
        }
        List<String> lines = new ArrayList<>();
        lines.add(Words.grouped(sockets, socket -> "opened to " + socket.peer()));
        lines.add("the oldest has been so for at least " + Words.time(Words.oldest(evidence, sockets)) + "; "
                + Words.growth(evidence, 0));
        lines.addAll(Words.examples(evidence, sockets));
        boolean looked = evidence.window().compareTo(evidence.patience()) >= 0;
        return List.of(new Finding(
                id(),
                Words.count(sockets.size(), "connection") + " that this program opened and the peer has closed:"
                        + " a pool that doesn't look. No leak, as long as they don't grow",
                Optional.of(TcpState.CLOSE_WAIT),
                sockets.size(),
                0,
                looked ? Certainty.LIKELY : Certainty.POSSIBLE,
                looked
                        ? "nobody listens on their local ports, so this program opened them, and they don't grow; a slow"
                                + " leak wouldn't grow in so short a time either"
                        : "nobody listens on their local ports, so this program opened them; whether they grow isn't known",
                lines,
                "Have the pool drop connections before the peer does: an idle timeout shorter than the peer's keep-alive"
                        + " timeout, a check on borrowing, or eviction in the background. The next request on one of them"
                        + " fails otherwise.",
                Reproduction.CLOSE_WAIT_TIMEOUT.experiment()));
    }
}
