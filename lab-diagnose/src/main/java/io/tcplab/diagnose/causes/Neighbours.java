package io.tcplab.diagnose.causes;

import io.tcplab.diagnose.sample.Sample;
import io.tcplab.diagnose.sample.SocketRow;
import io.tcplab.kernel.processes.SocketHolder;
import io.tcplab.kernel.sockets.TcpState;
import java.util.Collections;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Others with connections in the target's network namespace, whose counters count for all.
 *
 * @param connections how many of theirs the look with the most of them saw
 * @param pids who held them, as far as this user may see
 */
record Neighbours(long connections, NavigableSet<Integer> pids) {
    static final Neighbours NONE = new Neighbours(0, Collections.emptyNavigableSet());

    private static final int NAMED = 3;

    static Neighbours of(Evidence evidence) {
        long most = 0;
        NavigableSet<Integer> pids = new TreeSet<>();
        for (Sample sample : evidence.samples()) {
            List<SocketRow> others = sample.sockets().stream()
                    .filter(socket -> socket.state() != TcpState.LISTEN
                            && !evidence.membership().had(socket))
                    .toList();
            most = Math.max(most, others.size());
            others.stream()
                    .flatMap(socket -> sample.holders().of(socket.inode()).stream())
                    .map(SocketHolder::pid)
                    .forEach(pids::add);
        }
        return most == 0 ? NONE : new Neighbours(most, pids);
    }

    /** Whether no other process was seen with a connection. */
    boolean areNone() {
        return connections == 0;
    }

    /** {@code others have up to 7 connections in it: 4711 (curl), 4712 (java)}. */
    String words(Evidence evidence) {
        String names =
                pids.stream().limit(NAMED).map(evidence.programs()::label).collect(Collectors.joining(", "));
        int unnamed = Math.max(0, pids.size() - NAMED);
        return "others in it have up to " + Words.count(connections, "connection") + ": "
                + (names.isEmpty() ? "owners unknown" : names)
                + (unnamed == 0 ? "" : " and " + unnamed + " more");
    }
}
