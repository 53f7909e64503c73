package io.tcplab.diagnose.causes;

import io.tcplab.diagnose.sample.SocketRow;
import io.tcplab.kernel.sockets.TcpState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Answers that were neither read to the end nor closed: their connections stay leased, and further requests wait. */
final class PoolExhausted extends Cause {
    PoolExhausted() {
        super("pool-exhausted", "leased pool connections with answers that nobody reads or closes");
    }

    @Override
    public List<Finding> find(Evidence evidence) {
        List<SocketRow> sockets = evidence.closeWaits().of(CloseWaits.Kind.EXHAUSTED);
        if (sockets.isEmpty()) {
            return List.of();
        }
        List<String> lines = new ArrayList<>();
        lines.add(Words.grouped(sockets, socket -> "opened to " + socket.peer() + " " + Words.unread(socket)));
        lines.add(Words.count(Pools.waiting(evidence, sockets), "thread")
                + " of this program wait for something other than its sockets");
        lines.add(Words.age(evidence, sockets, 0));
        lines.addAll(Words.examples(evidence, sockets));
        return List.of(new Finding(
                id(),
                Words.count(sockets.size(), "connection")
                        + " opened by this program hold an unread answer, and"
                        + " the peer has closed them: leaked by a pool, which is exhausted if no more appear",
                Optional.of(TcpState.CLOSE_WAIT),
                sockets.size(),
                0,
                evidence.window().compareTo(evidence.patience()) >= 0 ? Certainty.LIKELY : Certainty.POSSIBLE,
                "the kernel shows who opened them, and that the answer and the FIN are unread; threads wait, so a"
                        + " constant"
                        + " number may be the pool's limit: those that want another connection wait",
                List.of(
                        new Rival(
                                "idle-pool: idle connections whose server said more than " + Pools.LAST_WORD
                                        + " bytes before it closed them, such as a 408 error",
                                "has the pool reached its limit, and do requests time out while they wait for a"
                                        + " connection?"),
                        new Rival(
                                "eof-not-read: the threads that leased them wait for something else",
                                "a thread dump: what do the threads with these connections wait for?")),
                lines,
                "Look for answers that aren't closed on some path: an error status, an exception, an unwanted body."
                        + " Each"
                        + " must be read to the end or closed (try-with-resources, EntityUtils.consume, res.Body.Close,"
                        + " response.close). A connection request timeout turns the hang into an error.",
                Reproduction.CLOSE_WAIT_BLOCKED.experiment()));
    }
}
