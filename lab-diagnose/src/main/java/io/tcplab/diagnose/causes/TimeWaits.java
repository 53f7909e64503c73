package io.tcplab.diagnose.causes;

import io.tcplab.diagnose.sample.SocketRow;
import io.tcplab.kernel.sockets.TcpState;
import java.util.List;
import java.util.Optional;

/** How TIME_WAIT is spread: on which side of its connections. */
final class TimeWaits {
    private TimeWaits() {}

    /** Who closes first, towards whom; empty if there is no TIME_WAIT. */
    static Optional<String> whoCloses(Evidence evidence) {
        List<SocketRow> all = evidence.in(TcpState.TIME_WAIT);
        if (all.isEmpty()) {
            return Optional.empty();
        }
        List<SocketRow> accepted = all.stream().filter(evidence::isAccepted).toList();
        List<SocketRow> opened = all.stream()
                .filter(socket -> !evidence.isAccepted(socket) && !evidence.isOpenerUnknown(socket))
                .toList();
        int unknown = all.size() - accepted.size() - opened.size();
        StringBuilder words = new StringBuilder(Words.count(all.size(), "connection"))
                .append(" in TIME_WAIT, which is normal for a minute after this side closed first");
        if (!accepted.isEmpty()) {
            words.append("; accepted here: ")
                    .append(Words.grouped(accepted, socket -> "on port " + socket.localPort()));
        }
        if (!opened.isEmpty()) {
            words.append("; opened here: ").append(Words.grouped(opened, socket -> "to " + socket.peer()));
        }
        if (unknown > 0) {
            words.append("; for ")
                    .append(Words.number(unknown))
                    .append(" the kernel no longer records who opened" + " them");
        }
        return Optional.of(words.toString());
    }
}
