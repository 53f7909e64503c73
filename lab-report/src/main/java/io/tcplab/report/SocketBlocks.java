package io.tcplab.report;

import io.tcplab.diagnose.SocketListing;
import java.util.List;
import java.util.Locale;

/** The sockets of a diagnosis, a row each. */
final class SocketBlocks {
    /** More than these have to be asked for. */
    private static final int SHORT = 30;

    private static final double MILLIS = 1000.0;

    private SocketBlocks() {}

    static List<Block> of(SocketListing listing) {
        if (listing.rows().isEmpty()) {
            return List.of();
        }
        return List.of(new Block.Fold(
                "sockets",
                Prose.strong("Sockets at the last look").and(": " + count(listing)),
                listing.rows().size() <= SHORT,
                List.of(
                        Block.paragraph(
                                "Silent: since the last segment came. Of a listener, Recv-Q is how many connections wait for accept(), and Send-Q its backlog."),
                        new Block.Grid(new Table(
                                List.of(
                                        Table.words("state"),
                                        Table.words("owner"),
                                        Table.figures("Recv-Q"),
                                        Table.figures("Send-Q"),
                                        Table.figures("silent, s"),
                                        Table.words("local"),
                                        Table.words("peer")),
                                listing.rows().stream().map(SocketBlocks::row).toList())))));
    }

    private static String count(SocketListing listing) {
        int rows = listing.rows().size();
        return rows == listing.total()
                ? number(rows)
                : "%s of %s, some of each state, those with the fullest queues and the longest silence first"
                        .formatted(number(rows), number(listing.total()));
    }

    private static List<Prose> row(SocketListing.Row socket) {
        return Table.row(
                socket.state().label() + (socket.mptcp() ? " (MPTCP)" : ""),
                socket.owner(),
                number(socket.recvQueue()),
                number(socket.sendQueue()),
                socket.silentMillis().isPresent()
                        ? String.format(
                                Locale.ROOT, "%.1f", socket.silentMillis().getAsLong() / MILLIS)
                        : "-",
                socket.local(),
                socket.peer().isEmpty() ? "-" : socket.peer());
    }

    private static String number(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }
}
