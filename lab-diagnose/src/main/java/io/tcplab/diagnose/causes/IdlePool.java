package io.tcplab.diagnose.causes;

import io.tcplab.diagnose.sample.SocketRow;
import io.tcplab.kernel.sockets.TcpState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Connections that this program opened, which the peer has closed, and which wait in a pool that doesn't check. */
final class IdlePool extends Cause {
    IdlePool() {
        super("idle-pool", "pooled connections that the peer has closed");
    }

    @Override
    public List<Finding> find(Evidence evidence) {
        List<SocketRow> sockets = evidence.closeWaits().of(CloseWaits.Kind.POOLED);
        if (sockets.isEmpty()) {
            return List.of();
        }
        List<String> lines = new ArrayList<>();
        lines.add(Words.grouped(sockets, socket -> "opened to " + socket.peer()));
        lines.add(Words.age(evidence, sockets, 0));
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
                Words.count(sockets.size(), "connection") + " opened by this program and closed by the peer,"
                        + " unread: idle in a pool that doesn't check"
                        + (waiting > 0 ? ", or leased and never returned" : ""),
                Optional.of(TcpState.CLOSE_WAIT),
                sockets.size(),
                0,
                looked && seen && waiting == 0 ? Certainty.LIKELY : Certainty.POSSIBLE,
                "this program opened them, only EOF or a few bytes before it are unread, and "
                        + (seen
                                ? "none of its event loops watches them; "
                                : "whether one of its event loops watches them is unknown; ")
                        + (looked ? "they didn't grow during the diagnosis" : "whether they grow is unknown")
                        + (waiting > 0 ? "; an exhausted pool doesn't grow either" : ""),
                rivals(seen),
                lines,
                "Let the pool drop connections before the peer does: an idle timeout shorter than the peer's keep-alive"
                        + " timeout, a check on borrowing, or background eviction. Otherwise the next request on"
                        + " one of them"
                        + " fails."
                        + (waiting > 0
                                ? " If the pool counts them as leased, look for a path that doesn't return them."
                                : ""),
                Reproduction.CLOSE_WAIT_TIMEOUT.experiment()));
    }

    private static List<Rival> rivals(boolean seen) {
        Rival leak = new Rival(
                "a leak that grows slowly, or has reached the pool's limit (pool-exhausted)",
                "the pool's own figures: are they leased or idle? Or observe longer: --for 10m");
        return seen ? List.of(leak, Unread.BLOCKED) : List.of(leak, Unread.BLOCKED, Unread.STOPPED_OR_BUSY);
    }
}
