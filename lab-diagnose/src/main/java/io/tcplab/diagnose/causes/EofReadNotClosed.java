package io.tcplab.diagnose.causes;

import io.tcplab.diagnose.sample.SocketRow;
import io.tcplab.kernel.sockets.TcpState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The peer closed, the program read that (Recv-Q 0), and never called close(). */
final class EofReadNotClosed implements Cause {
    private static final Duration LONG = Duration.ofMinutes(1);

    @Override
    public String id() {
        return "eof-read-not-closed";
    }

    @Override
    public String lookedFor() {
        return "CLOSE_WAIT whose end of stream was read but that nobody closes";
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
        lines.add("the oldest has been so for at least " + Words.time(Words.oldest(evidence, sockets)) + "; "
                + Words.growth(evidence, growth));
        lines.addAll(Words.examples(evidence, sockets));
        boolean sure = growth > 0 || Words.oldest(evidence, sockets).compareTo(LONG) > 0;
        return List.of(new Finding(
                id(),
                Words.count(sockets.size(), "connection") + " that the peer has closed: the program has read the end of"
                        + " the stream, and doesn't close",
                Optional.of(TcpState.CLOSE_WAIT),
                sockets.size(),
                growth,
                sure ? Certainty.CERTAIN : Certainty.LIKELY,
                sure
                        ? "Recv-Q 0 says that EOF was read, the inode that a descriptor is open, and none went away"
                        : "Recv-Q 0 says that EOF was read; a handler that is slow to close would look the same for"
                                + " so short a time",
                lines,
                "Find where the program handles end of stream: read() returning 0 or -1, channelInactive, 'end' or"
                        + " an EOFError. Each path out of it, errors included, has to call close(). In Netty also:"
                        + " ALLOW_HALF_CLOSURE without a handler of ChannelInputShutdownEvent. In a server that forks:"
                        + " the parent closes its descriptor, too.",
                Reproduction.CLOSE_WAIT_LEAK.experiment()));
    }
}
