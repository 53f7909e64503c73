package io.tcplab.kernel.transitions;

import java.util.AbstractList;
import java.util.Comparator;
import java.util.List;
import java.util.RandomAccess;
import java.util.stream.IntStream;

/** A finished log as a list in the order of time, each transition made when it is asked for. */
final class TransitionTimeline extends AbstractList<Transition> implements RandomAccess {
    private final TransitionLog log;
    private final int[] rows;

    private TransitionTimeline(TransitionLog log, int[] rows) {
        this.log = log;
        this.rows = rows;
    }

    /**
     * Puts the log in order, names the ends that the kernel did not know yet, and leaves out what the filter doesn't
     * cover.
     */
    static List<Transition> of(TransitionLog log, TransitionFilter filter) {
        int[] byTime = IntStream.range(0, log.size())
                .boxed()
                .sorted(Comparator.comparingLong(log::atNanos))
                .mapToInt(Integer::intValue)
                .toArray();
        new SocketLives(log).follow(byTime);
        int[] covered = IntStream.of(byTime)
                .filter(row -> filter.covers(log.localAddress(row), log.peerAddress(row)))
                .toArray();
        return new TransitionTimeline(log, covered);
    }

    static Transition transition(TransitionLog log, int row) {
        return new Transition(
                log.atNanos(row), log.socket(row), log.from(row), log.to(row), log.local(row), log.peer(row));
    }

    @Override
    public Transition get(int index) {
        return transition(log, rows[index]);
    }

    @Override
    public int size() {
        return rows.length;
    }
}
