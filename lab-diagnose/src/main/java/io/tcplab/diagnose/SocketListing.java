package io.tcplab.diagnose;

import static java.util.stream.Collectors.joining;

import io.tcplab.diagnose.causes.Evidence;
import io.tcplab.diagnose.sample.SocketRow;
import io.tcplab.kernel.processes.SocketHolder;
import io.tcplab.kernel.sockets.TcpState;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The target's sockets at the last look, one by one. Of very many some of each state, so that ten thousand in TIME_WAIT don't hide three in
 * CLOSE_WAIT; of one state those with the fullest queues, and then those that have been silent for the longest time.
 *
 * @param total how many there are, listed or not
 */
public record SocketListing(int total, List<Row> rows) {
    /** Processes that hold the same socket, such as a server's workers. */
    private static final int MOST_OWNERS = 3;

    /**
     * One socket.
     *
     * @param owner the processes that hold it: {@code 4711 (nginx)}, as far as this user may see
     * @param recvQueue bytes unread; of a listener, connections that wait for accept(); of an MPTCP socket, memory
     * @param sendQueue bytes unacknowledged; of a listener, its backlog
     * @param silentMillis since the last segment came; empty if the kernel doesn't record it
     */
    public record Row(
            TcpState state,
            boolean mptcp,
            String owner,
            String local,
            String peer,
            long recvQueue,
            long sendQueue,
            OptionalLong silentMillis) {}

    /** Copies the list. */
    public SocketListing {
        rows = List.copyOf(rows);
    }

    /**
     * Of a look.
     *
     * @param most how many to list
     */
    public static SocketListing of(Look look, int most) {
        Evidence evidence = Evidence.of(look.scope(), look.samples());
        return new SocketListing(
                evidence.sockets().size(),
                chosen(evidence, most).stream()
                        .map(socket -> row(evidence, socket))
                        .toList());
    }

    private static List<SocketRow> chosen(Evidence evidence, int most) {
        Comparator<SocketRow> telling = Comparator.comparingLong(
                        (SocketRow socket) -> socket.recvQueue() + socket.sendQueue())
                .thenComparingLong(evidence::silentMillis)
                .reversed();
        Map<TcpState, List<SocketRow>> byState = evidence.sockets().stream()
                .collect(Collectors.groupingBy(SocketRow::state, TreeMap::new, Collectors.toList()));
        Map<TcpState, Integer> shares = new TreeMap<>();
        int room = most;
        int left = byState.size();
        for (Map.Entry<TcpState, List<SocketRow>> state : byState.entrySet().stream()
                .sorted(Comparator.comparingInt(each -> each.getValue().size()))
                .toList()) {
            // What a state with few leaves is for those with many.
            int share = Math.min(state.getValue().size(), room / left);
            shares.put(state.getKey(), share);
            room -= share;
            left--;
        }
        List<SocketRow> chosen = new ArrayList<>();
        byState.forEach((state, all) -> all.stream()
                .sorted(telling)
                .limit(shares.getOrDefault(state, 0))
                .forEach(chosen::add));
        return chosen;
    }

    private static Row row(Evidence evidence, SocketRow socket) {
        long silentMillis = evidence.silentMillis(socket);
        return new Row(
                socket.state(),
                socket.mptcp(),
                owner(evidence, socket),
                socket.local(),
                socket.state() == TcpState.LISTEN ? "" : socket.peer(),
                socket.recvQueue(),
                socket.sendQueue(),
                silentMillis < 0 ? OptionalLong.empty() : OptionalLong.of(silentMillis));
    }

    private static String owner(Evidence evidence, SocketRow socket) {
        if (!socket.isHeld()) {
            return "unowned";
        }
        List<String> owners = evidence.holders(socket).stream()
                .map(SocketHolder::pid)
                .distinct()
                .map(evidence.programs()::label)
                .toList();
        if (owners.isEmpty()) {
            return "unknown";
        }
        int more = owners.size() - MOST_OWNERS;
        return owners.stream().limit(MOST_OWNERS).collect(joining(", ")) + (more > 0 ? " and " + more + " more" : "");
    }
}
