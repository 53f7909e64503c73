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
        long waiting = Pools.waiting(evidence, sockets);
        if (waiting > 0) {
            lines.add(Words.count(waiting, "thread") + " of this program " + (waiting == 1 ? "waits" : "wait")
                    + " for something, which may be a connection of this very pool");
        }
        boolean seen = Pools.areSeen(evidence, sockets);
        boolean looked = evidence.window().compareTo(evidence.patience()) >= 0;
        return List.of(new Finding(
                id(),
                Words.count(sockets.size(), "connection") + " that this program opened and the peer has closed, unread:"
                        + " idle in a pool that doesn't look"
                        + (waiting > 0 ? ", or leased and never given back" : ""),
                Optional.of(TcpState.CLOSE_WAIT),
                sockets.size(),
                0,
                looked && seen && waiting == 0 ? Certainty.LIKELY : Certainty.POSSIBLE,
                "this program opened them, nothing but the end of the stream or a few bytes before it is unread, and "
                        + (seen
                                ? "no event loop of it watches them; "
                                : "whether an event loop of it watches them can't be seen; ")
                        + (looked ? "they didn't grow while this looked" : "whether they grow isn't known")
                        + (waiting > 0 ? "; a pool that is used up doesn't grow either" : ""),
                rivals(seen),
                lines,
                "Have the pool drop connections before the peer does: an idle timeout shorter than the peer's keep-alive"
                        + " timeout, a check on borrowing, or eviction in the background. The next request on one of them"
                        + " fails otherwise."
                        + (waiting > 0
                                ? " If the pool counts them as leased: look for a path that doesn't give them back."
                                : ""),
                Reproduction.CLOSE_WAIT_TIMEOUT.experiment()));
    }

    private static List<Rival> rivals(boolean seen) {
        Rival leak = new Rival(
                "a leak that grows slowly, or has come to the pool's limit (pool-exhausted)",
                "the pool's own figures: are they leased or idle? Or look for longer: --for 10m");
        return seen ? List.of(leak, Unread.BLOCKED) : List.of(leak, Unread.BLOCKED, Unread.STOPPED_OR_BUSY);
    }
}
