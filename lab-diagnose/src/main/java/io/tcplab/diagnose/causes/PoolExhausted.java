package io.tcplab.diagnose.causes;

import io.tcplab.diagnose.sample.SocketRow;
import io.tcplab.kernel.sockets.TcpState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Answers that were never read to the end nor closed: their connections stay leased, and whoever wants one waits. */
final class PoolExhausted implements Cause {
    @Override
    public String id() {
        return "pool-exhausted";
    }

    @Override
    public String lookedFor() {
        return "leased connections of a pool whose answers nobody reads or closes";
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
                + " of this program wait for something else than its sockets");
        lines.add("the oldest has been so for at least " + Words.time(Words.oldest(evidence, sockets)) + "; "
                + Words.growth(evidence, 0));
        lines.addAll(Words.examples(evidence, sockets));
        return List.of(new Finding(
                id(),
                Words.count(sockets.size(), "connection")
                        + " that this program opened hold an answer that nobody reads, and"
                        + " the peer has closed them: leaked by a pool, which is used up if no more come",
                Optional.of(TcpState.CLOSE_WAIT),
                sockets.size(),
                0,
                evidence.window().compareTo(evidence.patience()) >= 0 ? Certainty.LIKELY : Certainty.POSSIBLE,
                "the kernel tells who opened them, and that the answer and the FIN are unread; threads wait, so a number that"
                        + " doesn't grow may be the pool's limit: whoever wants another one waits",
                List.of(
                        new Rival(
                                "idle-pool: idle connections whose server said more than " + Pools.LAST_WORD
                                        + " bytes before it closed them, such as an error 408",
                                "are there as many as the pool may have, and do requests time out while they wait for one?"),
                        new Rival(
                                "eof-not-read: whoever leased them waits for something else",
                                "a dump of the threads: where do those wait that have these connections?")),
                lines,
                "Look for answers that aren't closed on some path: an error status, an exception, a body that isn't wanted. Each"
                        + " has to be read to its end or closed (try-with-resources, EntityUtils.consume, res.Body.Close,"
                        + " response.close). A limit for the wait (connection request timeout) makes it an error instead of a hang.",
                Reproduction.CLOSE_WAIT_BLOCKED.experiment()));
    }
}
