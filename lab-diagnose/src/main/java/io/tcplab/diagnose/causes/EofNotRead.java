package io.tcplab.diagnose.causes;

import io.tcplab.diagnose.sample.SocketRow;
import io.tcplab.kernel.sockets.TcpState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The peer closed and the program hasn't read that: its handler is blocked or spinning, or it doesn't read at all. */
final class EofNotRead implements Cause {
    @Override
    public String id() {
        return "eof-not-read";
    }

    @Override
    public String lookedFor() {
        return "CLOSE_WAIT whose end of stream nobody reads";
    }

    @Override
    public List<Finding> find(Evidence evidence) {
        List<SocketRow> sockets = evidence.closeWaits().of(CloseWaits.Kind.NOT_READ);
        if (sockets.isEmpty()) {
            return List.of();
        }
        int growth = evidence.closeWaits().growth(sockets);
        Unread unread = Unread.of(evidence, sockets);
        List<String> lines = new ArrayList<>();
        lines.add(Words.grouped(
                sockets,
                socket -> Words.unread(socket)
                        + (evidence.isAccepted(socket) ? " on port " + socket.localPort() : " from " + socket.peer())));
        lines.add(unread.words());
        Optional<Relayed> relayed = Relayed.of(evidence, sockets);
        relayed.map(Relayed::words).ifPresent(lines::addAll);
        lines.add("the oldest has been so for at least " + Words.time(Words.oldest(evidence, sockets)) + "; "
                + Words.growth(evidence, growth));
        lines.addAll(Words.examples(evidence, sockets));
        return List.of(new Finding(
                id(),
                Words.count(sockets.size(), "connection") + " that the peer has closed, which the program hasn't read: "
                        + unread.why().words(),
                Optional.of(TcpState.CLOSE_WAIT),
                sockets.size(),
                growth,
                unread.why().certainty(),
                (sockets.stream().anyMatch(SocketRow::mptcp)
                                ? "what is in Recv-Q wasn't read, and so neither was EOF behind it; "
                                : "Recv-Q counts an unread FIN as one byte, so EOF was not read; ")
                        + unread.why().because(),
                rivals(unread, relayed),
                lines,
                relayed.map(Relayed::advice).orElse("") + unread.why().advice(),
                unread.why().experiment(),
                unread.why().label()));
    }

    private static List<Rival> rivals(Unread unread, Optional<Relayed> relayed) {
        List<Rival> rivals = new ArrayList<>(unread.rivals());
        relayed.map(Relayed::rival).ifPresent(rivals::add);
        return rivals;
    }
}
