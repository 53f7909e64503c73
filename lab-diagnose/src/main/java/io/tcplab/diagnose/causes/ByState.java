package io.tcplab.diagnose.causes;

import io.tcplab.diagnose.sample.Difference;
import io.tcplab.diagnose.sample.SocketRow;
import io.tcplab.kernel.sockets.TcpState;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Rows by state, in the kernel's order. A state in which nothing changed shares its list with the look before. */
final class ByState {
    private static final Set<TcpState> ALL = EnumSet.allOf(TcpState.class);

    private final Map<TcpState, List<SocketRow>> lists;

    private ByState(Map<TcpState, List<SocketRow>> lists) {
        this.lists = lists;
    }

    static ByState of(List<SocketRow> rows) {
        Map<TcpState, List<SocketRow>> lists = new EnumMap<>(TcpState.class);
        sort(rows, ALL, lists);
        return new ByState(lists);
    }

    /** Those of the next look. */
    ByState next(Difference difference, List<SocketRow> rows) {
        if (difference.isNone()) {
            return this;
        }
        if (difference.moved()) {
            return of(rows);
        }
        Set<TcpState> changed = EnumSet.noneOf(TcpState.class);
        difference.gone().forEach(row -> changed.add(row.state()));
        difference.came().forEach(row -> changed.add(row.state()));
        Map<TcpState, List<SocketRow>> next = new EnumMap<>(lists);
        next.keySet().removeAll(changed);
        sort(rows, changed, next);
        return new ByState(next);
    }

    /** The rows in this state. */
    List<SocketRow> in(TcpState state) {
        return lists.getOrDefault(state, List.of());
    }

    /** How many there are in each state that has any. */
    Map<TcpState, Integer> counts() {
        Map<TcpState, Integer> counts = new EnumMap<>(TcpState.class);
        lists.forEach((state, rows) -> counts.put(state, rows.size()));
        return counts;
    }

    private static void sort(List<SocketRow> rows, Set<TcpState> wanted, Map<TcpState, List<SocketRow>> into) {
        for (SocketRow row : rows) {
            if (wanted.contains(row.state())) {
                into.computeIfAbsent(row.state(), state -> new ArrayList<>()).add(row);
            }
        }
    }
}
