package io.tcplab.diagnose.causes;

import io.tcplab.diagnose.sample.Activity;
import io.tcplab.diagnose.sample.SocketRow;
import io.tcplab.kernel.processes.SocketHolder;
import io.tcplab.kernel.sockets.TcpState;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The other halves of relayed connections, as it looks: when the last came on a stuck one, its process sent something on another, or
 * ended its side of it, and that one's peer owes an answer since. One of the two was accepted and the other opened.
 *
 * @param stuck how many were looked at
 * @param ended other halves whose peer was sent a FIN, and doesn't close
 * @param asked other halves whose peer was sent data, and doesn't answer
 */
record Relayed(int stuck, List<Pair> ended, List<Pair> asked) {
    /** From what comes in to what goes out, a connect() between them included. */
    private static final long MILLIS = 100;

    /** Other halves of a process, by how long ago they were sent what their peer owes an answer to. */
    private static final class Candidates {
        private final NavigableMap<Long, Deque<SocketRow>> byMillis = new TreeMap<>();

        void add(long millis, SocketRow socket) {
            byMillis.computeIfAbsent(millis, any -> new ArrayDeque<>()).add(socket);
        }

        /** The one that is nearest in time; it won't be another's. */
        Optional<SocketRow> take(long millis) {
            return byMillis.subMap(millis - MILLIS, true, millis + MILLIS, true).entrySet().stream()
                    .filter(entry -> !entry.getValue().isEmpty())
                    .min((one, other) ->
                            Long.compare(Math.abs(one.getKey() - millis), Math.abs(other.getKey() - millis)))
                    .map(entry -> entry.getValue().remove());
        }
    }

    /** A stuck connection and its other half. */
    private record Pair(SocketRow stuck, SocketRow other) {
        String words() {
            return stuck.local() + " with " + stuck.peer() + " and " + other.local() + " with " + other.peer();
        }
    }

    private record Side(int pid, boolean accepted) {}

    /** Of connections in CLOSE_WAIT; empty unless half of them have another half. */
    static Optional<Relayed> of(Evidence evidence, Collection<SocketRow> stuck) {
        Map<Side, Candidates> ended = new HashMap<>();
        Map<Side, Candidates> asked = new HashMap<>();
        for (SocketRow socket : evidence.last().sockets()) {
            Activity activity = evidence.now(socket).activity();
            if (socket.isHeld() && activity != null && evidence.knowsOpener(socket)) {
                if (socket.state() == TcpState.FIN_WAIT2) {
                    put(evidence, ended, socket, activity.lastAckRecv());
                } else if (socket.state() == TcpState.ESTABLISHED && isOwedAnAnswer(socket, activity)) {
                    put(evidence, asked, socket, activity.lastDataSent());
                }
            }
        }
        Relayed relayed = new Relayed(stuck.size(), new ArrayList<>(), new ArrayList<>());
        stuck.forEach(socket -> relayed.match(evidence, socket, ended, asked));
        return (relayed.ended.size() + relayed.asked.size()) * 2 >= stuck.size() && !stuck.isEmpty()
                ? Optional.of(relayed)
                : Optional.empty();
    }

    /** What is seen of them. */
    List<String> words() {
        List<String> lines = new ArrayList<>();
        if (!ended.isEmpty()) {
            lines.add(
                    words(ended, "the FIN arrived, the program ended its side of another", "that peer doesn't close"));
        }
        if (!asked.isEmpty()) {
            lines.add(words(asked, "the last data arrived, the program sent some on another", "nothing has come back"));
        }
        return lines;
    }

    private String words(List<Pair> pairs, String then, String since) {
        return pairs.size() + " of the " + stuck + " look like halves of relayed connections: when " + then + " ("
                + others(pairs) + "), but " + since + ": " + pairs.getFirst().words();
    }

    private static String others(List<Pair> pairs) {
        return Words.grouped(pairs.stream().map(Pair::other).toList(), socket -> "with " + socket.peer());
    }

    /** Where to look before anything else. */
    String advice() {
        List<Pair> all = new ArrayList<>(ended);
        all.addAll(asked);
        return "First look behind this program, at what it waits for (" + others(all)
                + "): diagnose that, and add a timeout here. If nothing is wrong there: ";
    }

    /** That it isn't this program's mistake. */
    Rival rival() {
        return new Rival(
                "a relay that correctly waits for the peer of its other half",
                "diagnose the other half's peer: does this program continue once that one closes or answers?");
    }

    private void match(Evidence evidence, SocketRow socket, Map<Side, Candidates> byFin, Map<Side, Candidates> byData) {
        Activity activity = evidence.now(socket).activity();
        if (activity == null) {
            return;
        }
        for (SocketHolder holder : evidence.holders(socket)) {
            Side side = new Side(holder.pid(), !evidence.isAccepted(socket));
            Optional<SocketRow> half = take(byFin, side, activity.lastAckRecv());
            if (half.isPresent()) {
                ended.add(new Pair(socket, half.get()));
                return;
            }
            half = take(byData, side, activity.lastDataRecv());
            if (half.isPresent()) {
                asked.add(new Pair(socket, half.get()));
                return;
            }
        }
    }

    private static Optional<SocketRow> take(Map<Side, Candidates> candidates, Side side, long millis) {
        return Optional.ofNullable(candidates.get(side)).flatMap(found -> found.take(millis));
    }

    private static void put(Evidence evidence, Map<Side, Candidates> candidates, SocketRow socket, long millis) {
        for (SocketHolder holder : evidence.holders(socket)) {
            candidates
                    .computeIfAbsent(new Side(holder.pid(), evidence.isAccepted(socket)), any -> new Candidates())
                    .add(millis, socket);
        }
    }

    /** Nothing has come since it was sent the last. */
    private static boolean isOwedAnAnswer(SocketRow socket, Activity activity) {
        boolean asked = activity.bytesAcked() > activity.ownSyns() || socket.sendQueue() > 0;
        return asked && (activity.bytesReceived() == 0 || activity.lastDataRecv() > activity.lastDataSent());
    }
}
