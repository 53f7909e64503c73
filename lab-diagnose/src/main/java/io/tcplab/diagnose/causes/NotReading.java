package io.tcplab.diagnose.causes;

import io.tcplab.diagnose.sample.Activity;
import io.tcplab.diagnose.sample.SocketRow;
import io.tcplab.kernel.sockets.TcpState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Data has come on an open connection, and the program doesn't read it. */
final class NotReading extends Cause {
    private static final Duration LONG = Duration.ofSeconds(5);

    NotReading() {
        super("not-reading", "open connections with unread data");
    }

    @Override
    public List<Finding> find(Evidence evidence) {
        List<SocketRow> sockets = evidence.in(TcpState.ESTABLISHED).stream()
                .filter(socket -> socket.isHeld() && socket.recvQueue() > 0 && isLeftAlone(evidence, socket))
                .toList();
        return Unread.each(evidence, sockets).stream()
                .map(group -> finding(evidence, group.unread(), group.sockets()))
                .toList();
    }

    private Finding finding(Evidence evidence, Unread unread, List<SocketRow> sockets) {
        List<String> lines = new ArrayList<>();
        lines.add(unread(sockets) + "; "
                + Words.grouped(
                        sockets,
                        socket -> evidence.isAccepted(socket)
                                ? "on port " + socket.localPort()
                                : "from " + socket.peer()));
        lines.add(unread.words());
        lines.addAll(Words.examples(evidence, sockets));
        return new Finding(
                id(),
                Words.count(sockets.size(), "open connection") + " with data that the program doesn't read: "
                        + unread.why().words(),
                Optional.of(TcpState.ESTABLISHED),
                sockets.size(),
                0,
                unread.why().certainty(),
                "the last data arrived more than " + Words.time(LONG) + " ago and is still in Recv-Q; "
                        + unread.why().because(),
                unread.rivals(),
                lines,
                unread.why().advice() + " When the peer closes them, they will be stuck in CLOSE_WAIT.",
                unread.why().experiment(),
                unread.why().label());
    }

    /** For MPTCP sockets the kernel reports memory, not bytes. */
    private static String unread(List<SocketRow> sockets) {
        long bytes = sockets.stream()
                .filter(socket -> !socket.mptcp())
                .mapToLong(SocketRow::recvQueue)
                .sum();
        boolean some = sockets.stream().anyMatch(SocketRow::mptcp);
        return (bytes > 0 ? Words.count(bytes, "byte") + " unread" : "")
                + (bytes > 0 && some ? ", and " : "")
                + (some ? "something unread on MPTCP sockets" : "");
    }

    private static boolean isLeftAlone(Evidence evidence, SocketRow socket) {
        Activity activity = evidence.now(socket).activity();
        return activity != null
                && activity.lastDataRecv() >= LONG.toMillis()
                && evidence.life(socket)
                        .map(life -> life.first().recvQueue() <= socket.recvQueue())
                        .orElse(true);
    }
}
