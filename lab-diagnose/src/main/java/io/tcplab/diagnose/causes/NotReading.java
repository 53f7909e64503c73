package io.tcplab.diagnose.causes;

import io.tcplab.diagnose.sample.Activity;
import io.tcplab.diagnose.sample.SocketRow;
import io.tcplab.kernel.sockets.TcpState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Data has come on an open connection, and the program doesn't read it. */
final class NotReading implements Cause {
    private static final Duration LONG = Duration.ofSeconds(5);

    @Override
    public String id() {
        return "not-reading";
    }

    @Override
    public String lookedFor() {
        return "open connections whose data nobody reads";
    }

    @Override
    public List<Finding> find(Evidence evidence) {
        List<SocketRow> sockets = evidence.in(TcpState.ESTABLISHED).stream()
                .filter(socket -> socket.isHeld() && socket.recvQueue() > 0 && isLeftAlone(evidence, socket))
                .toList();
        if (sockets.isEmpty()) {
            return List.of();
        }
        Unread unread = Unread.of(evidence, sockets);
        List<String> lines = new ArrayList<>();
        lines.add(Words.count(sockets.stream().mapToLong(SocketRow::recvQueue).sum(), "byte") + " unread; "
                + Words.grouped(
                        sockets,
                        socket -> evidence.isAccepted(socket)
                                ? "on port " + socket.localPort()
                                : "from " + socket.peer()));
        lines.add(unread.words());
        lines.addAll(Words.examples(evidence, sockets));
        return List.of(new Finding(
                id(),
                Words.count(sockets.size(), "open connection") + " with data that the program doesn't read: "
                        + unread.why().words(),
                Optional.of(TcpState.ESTABLISHED),
                sockets.size(),
                0,
                unread.why().certainty(),
                "the last data came more than " + Words.time(LONG) + " ago and is still in Recv-Q; "
                        + unread.why().because(),
                unread.rivals(),
                lines,
                unread.why().advice() + " When the peer closes these, they will be stuck in CLOSE_WAIT.",
                unread.why().experiment(),
                unread.why().label()));
    }

    private static boolean isLeftAlone(Evidence evidence, SocketRow socket) {
        Activity activity = socket.activity();
        return activity != null
                && activity.lastDataRecv() >= LONG.toMillis()
                && evidence.life(socket)
                        .map(life -> life.first().recvQueue() <= socket.recvQueue())
                        .orElse(true);
    }
}
