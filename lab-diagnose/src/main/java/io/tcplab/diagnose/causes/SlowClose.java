package io.tcplab.diagnose.causes;

import io.tcplab.diagnose.sample.SocketRow;
import io.tcplab.kernel.sockets.TcpState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** They do go away: the handler outlives the peer's patience. */
final class SlowClose extends Cause {
    SlowClose() {
        super("slow-close", "CLOSE_WAIT that ends, but late");
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
                + Words.time(evidence.window()) + " of observation, after at most "
                + Words.time(evidence.closeWaits().longestStay()));
        lines.add("no older than that and still there: " + Words.count(now.size(), "connection"));
        lines.addAll(
                Words.examples(evidence, departed.stream().map(SocketLife::last).toList()));
        return List.of(new Finding(
                id(),
                "connections stay in CLOSE_WAIT for up to about "
                        + Words.time(evidence.closeWaits().longestStay()) + " and then close: peers give up"
                        + " before the handler finishes",
                Optional.of(TcpState.CLOSE_WAIT),
                departed.size() + now.size(),
                0,
                Certainty.LIKELY,
                "they closed during the diagnosis; how long they stayed is known to within the interval between two"
                        + " looks",
                List.of(new Rival(
                        "a cleaner that closes forgotten connections (an idle timeout, the garbage collector)",
                        "did they stay for a round number of seconds, or for the time a handler takes?")),
                lines,
                "No close() is missing. Compare the handler's time with the peer's timeout; requests of peers that gave"
                        + " up still cost all the work. Look for slow backends, or cancel when the peer has closed.",
                Reproduction.CLOSE_WAIT_TIMEOUT.experiment()));
    }
}
