package io.tcplab.experiments.faults;

import io.tcplab.experiments.EvidenceMissing;
import io.tcplab.experiments.Source;
import io.tcplab.experiments.cell.Cell;
import io.tcplab.experiments.cell.CellPlan;
import io.tcplab.experiments.cell.Host;
import java.util.Map;
import java.util.Set;

/**
 * Cells of this kernel that lack one source of evidence, as where a user has no access to it: asked for it, they throw what a
 * real one throws then.
 */
record WithoutSource(Source source) implements ImpairedCells {
    /** Why it is missing; a reason that depends on it must say so. */
    static final String REASON = "taken away by a test";

    /** Through which methods of a host, or of a cell, each source is read. */
    private static final Map<Source, Set<String>> METHODS = Map.of(
            Source.SOCK_DIAG, Set.of("census", "await", "states"),
            Source.COUNTERS, Set.of("counters"),
            Source.TRANSITIONS, Set.of("recording", "transitions"),
            Source.SEGMENTS, Set.of("segments", "watch", "matched"),
            Source.FDS, Set.of("descriptors"),
            Source.PROC_NET_TCP, Set.of("procNetTcp"));

    /** Those that can be taken away: a socket's own calls can't, and a sysctl that can't be read can't be set either. */
    static Set<Source> all() {
        return METHODS.keySet();
    }

    @Override
    public String name() {
        return "without " + source.label();
    }

    @Override
    public Cell open(CellPlan plan) {
        return ImpairedCells.before(Cell.class, REAL.open(plan), question -> {
            Object answer = unlessTaken(question);
            return answer instanceof Host host ? ImpairedCells.before(Host.class, host, this::unlessTaken) : answer;
        });
    }

    private Object unlessTaken(Question question) throws Throwable {
        if (METHODS.getOrDefault(source, Set.of()).contains(question.name())) {
            throw new EvidenceMissing(source.label() + " was " + REASON);
        }
        return question.answer();
    }
}
