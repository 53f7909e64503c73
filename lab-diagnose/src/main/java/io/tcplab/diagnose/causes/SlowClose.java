package io.tcplab.diagnose.causes;

import io.tcplab.diagnose.sample.SocketRow;
import io.tcplab.kernel.sockets.TcpState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** They do go away: the handler outlives the peer's patience. */
final class SlowClose implements Cause {
    @Override
    public String id() {
        return "slow-close";
    }

    @Override
    public String lookedFor() {
        return "CLOSE_WAIT that does go away, late";
    }

    @Override
    public List<Finding> find(Evidence evidence) {
        List<SocketLife> departed = evidence.closeWaits().departed();
        if (departed.isEmpty()) {
            return List.of();
        }
        List<SocketRow> now = evidence.closeWaits().passing();
        List<String> lines = new ArrayList<>();
        lines.add(Words.count(departed.size(), "connection") + " left CLOSE_WAIT during the "
                + Words.time(evidence.window()) + " of looking, after "
                + Words.time(evidence.closeWaits().longestStay()) + " at most");
        lines.add("not older than that and there now: " + Words.count(now.size(), "connection"));
        lines.addAll(
                Words.examples(evidence, departed.stream().map(SocketLife::last).toList()));
        return List.of(new Finding(
                id(),
                "connections stay in CLOSE_WAIT for up to about "
                        + Words.time(evidence.closeWaits().longestStay()) + " and are closed then: peers give up"
                        + " before the handler is done",
                Optional.of(TcpState.CLOSE_WAIT),
                departed.size() + now.size(),
                0,
                Certainty.LIKELY,
                "they were seen to go away; how long they stayed is known to the interval between two looks",
                List.of(new Rival(
                        "a cleaner that closes what was forgotten (an idle timeout, the garbage collector)",
                        "is what they stayed a round number, or the time that a handler takes?")),
                lines,
                "No close() is missing. Compare how long the handler takes with the peer's timeout; a peer that has given"
                        + " up still costs the whole work. Look for slow backends, or cancel when the peer is gone.",
                Reproduction.CLOSE_WAIT_TIMEOUT.experiment()));
    }
}
