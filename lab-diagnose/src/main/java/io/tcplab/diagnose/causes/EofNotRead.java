package io.tcplab.diagnose.causes;

import io.tcplab.diagnose.sample.SocketRow;
import io.tcplab.kernel.sockets.TcpState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The peer closed and the program hasn't read that: its handler is blocked or spinning, or it doesn't read at all. */
final class EofNotRead extends Cause {
    private static final String LEFT_ANSWERS =
            "This program opened them, and answers are unread: first look for answers that are neither read to the"
                    + " end nor"
                    + " closed on some path (an error status, an exception, an unwanted body). Otherwise: ";

    EofNotRead() {
        super("eof-not-read", "CLOSE_WAIT with EOF unread");
    }

    @Override
    public List<Finding> find(Evidence evidence) {
        Map<Boolean, List<SocketRow>> accepted = evidence.closeWaits().of(CloseWaits.Kind.NOT_READ).stream()
                .collect(Collectors.partitioningBy(evidence::isAccepted));
        return Stream.of(true, false)
                .flatMap(which -> Unread.each(evidence, accepted.getOrDefault(which, List.of())).stream()
                        .map(group -> finding(evidence, group.unread(), group.sockets(), which)))
                .toList();
    }

    private Finding finding(Evidence evidence, Unread unread, List<SocketRow> sockets, boolean accepted) {
        int growth = evidence.closeWaits().growth(sockets);
        boolean left = areLeftAnswers(unread, sockets, accepted);
        List<String> lines = new ArrayList<>();
        lines.add(Words.grouped(
                sockets,
                socket -> Words.unread(socket)
                        + (accepted ? " on port " + socket.localPort() : " from " + socket.peer())));
        lines.add(unread.words());
        Optional<Relayed> relayed = Relayed.of(evidence, sockets);
        relayed.map(Relayed::words).ifPresent(lines::addAll);
        lines.add(Words.age(evidence, sockets, growth));
        lines.addAll(Words.examples(evidence, sockets));
        return new Finding(
                id(),
                Words.count(sockets.size(), "connection") + " closed by the peer, with EOF unread: "
                        + unread.why().words(),
                Optional.of(TcpState.CLOSE_WAIT),
                sockets.size(),
                growth,
                unread.why().certainty(),
                (sockets.stream().anyMatch(SocketRow::mptcp)
                                ? "Recv-Q isn't empty, so the EOF behind it is unread too; "
                                : "Recv-Q counts an unread FIN as one byte, so EOF is unread; ")
                        + unread.why().because(),
                rivals(unread, relayed, left),
                lines,
                relayed.map(Relayed::advice).orElse("")
                        + (left ? LEFT_ANSWERS : "")
                        + unread.why().advice(),
                unread.why().experiment(),
                unread.why().label());
    }

    /** What a client leaves unread of an answer, where nothing says that it is only kept from it. */
    private static boolean areLeftAnswers(Unread unread, List<SocketRow> sockets, boolean accepted) {
        boolean kept = unread.why() == WhyNotRead.STOPPED || unread.why() == WhyNotRead.SPINNING;
        return !accepted
                && !kept
                && sockets.stream()
                                        .filter(socket -> Pools.unread(socket) > Pools.LAST_WORD)
                                        .count()
                                * 2
                        > sockets.size();
    }

    private static List<Rival> rivals(Unread unread, Optional<Relayed> relayed, boolean left) {
        List<Rival> rivals = new ArrayList<>(unread.rivals());
        if (left) {
            rivals.add(new Rival(
                    "forgotten answers: neither read to the end nor closed",
                    "the program: does every path of a request close its answer?"));
        }
        relayed.map(Relayed::rival).ifPresent(rivals::add);
        return rivals;
    }
}
