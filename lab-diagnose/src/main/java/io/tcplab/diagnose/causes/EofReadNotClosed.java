package io.tcplab.diagnose.causes;

import io.tcplab.diagnose.sample.SocketRow;
import io.tcplab.kernel.sockets.TcpState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The peer closed, the program has read all there was (Recv-Q 0), and never called close().
 *
 * <p>Recv-Q 0 doesn't say that a read has returned 0: a FIN that is queued together with the last data is taken by the read that
 * takes those (found_fin_ok in tcp_recvmsg_locked(), net/ipv4/tcp.c). A server of HTTP reads its requests like that.
 */
final class EofReadNotClosed extends Cause {
    EofReadNotClosed() {
        super("eof-read-not-closed", "CLOSE_WAIT with EOF read, but not closed");
    }

    @Override
    public List<Finding> find(Evidence evidence) {
        List<SocketRow> sockets = evidence.closeWaits().of(CloseWaits.Kind.READ);
        if (sockets.isEmpty()) {
            return List.of();
        }
        int growth = evidence.closeWaits().growth(sockets);
        List<String> lines = new ArrayList<>();
        lines.add(Words.grouped(
                sockets,
                socket -> evidence.isAccepted(socket)
                        ? "accepted on port " + socket.localPort()
                        : "opened to " + socket.peer()));
        lines.add(Words.age(evidence, sockets, growth));
        Optional<Relayed> relayed = Relayed.of(evidence, sockets);
        relayed.map(Relayed::words).ifPresent(lines::addAll);
        lines.addAll(Words.examples(evidence, sockets));
        List<String> suspensions = Words.suspensions(evidence, sockets);
        lines.addAll(suspensions);
        return List.of(new Finding(
                id(),
                Words.count(sockets.size(), "connection") + " closed by the peer: nothing is unread, but the"
                        + " program doesn't close",
                Optional.of(TcpState.CLOSE_WAIT),
                sockets.size(),
                growth,
                Certainty.LIKELY,
                "Recv-Q 0 means that nothing is unread"
                        + (sockets.stream().anyMatch(SocketRow::mptcp) ? "" : ", including the FIN")
                        + "; a descriptor is open, and none of them closed during the diagnosis",
                rivals(evidence, sockets, relayed, suspensions),
                lines,
                relayed.map(Relayed::advice).orElse("")
                        + "Find where the program handles end of stream: read() returning 0 or -1, channelInactive, 'end' or"
                        + " an EOFError. Every path out of it, including errors, has to call close(). In Netty also:"
                        + " ALLOW_HALF_CLOSURE without a handler for ChannelInputShutdownEvent. In a server"
                        + " that forks:"
                        + " the parent must close its descriptor too.",
                Reproduction.CLOSE_WAIT_LEAK.experiment()));
    }

    private static List<Rival> rivals(
            Evidence evidence, List<SocketRow> sockets, Optional<Relayed> relayed, List<String> suspensions) {
        List<Rival> rivals = new ArrayList<>();
        relayed.map(Relayed::rival).ifPresent(rivals::add);
        rivals.add(new Rival(
                "a handler that still works, or is blocked, behind a runtime that reads ahead (Go's net/http,"
                        + " Netty, Node); or"
                        + " the FIN arrived with the last data",
                "a dump of threads, goroutines or tasks: does one of them hold this connection?"));
        rivals.add(new Rival(
                "slow-close: a handler that closes when it is done, after this diagnosis ended",
                "observe for longer than a handler may take (--for 10m): does any of them close?"));
        if (!sockets.stream().allMatch(evidence::isAccepted)) {
            rivals.add(new Rival(
                    "idle-pool: a pool that reads EOF, and notices when it next uses the connection",
                    "the pool's own figures: are they leased, idle, or unknown to it?"));
        }
        if (sockets.stream().anyMatch(socket -> evidence.holders(socket).isEmpty())) {
            rivals.add(new Rival(
                    "shared-fd: a child inherited the descriptor, or another process received it",
                    "as root: lsof -i, or run this again: which processes hold the descriptor?"));
        }
        if (sockets.stream().anyMatch(SocketRow::mptcp)) {
            rivals.add(new Rival(
                    "eof-not-read: an MPTCP socket's Recv-Q doesn't count the end of the stream",
                    "strace -e recvfrom,read: has a read returned 0?"));
        }
        if (!suspensions.isEmpty()) {
            rivals.add(new Rival(
                    "a process that was stopped between reading EOF and close()", "resume it, and run this again"));
        }
        return rivals;
    }
}
