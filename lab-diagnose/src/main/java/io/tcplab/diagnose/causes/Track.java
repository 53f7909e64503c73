package io.tcplab.diagnose.causes;

import io.tcplab.diagnose.sample.SocketRow;
import io.tcplab.kernel.sockets.TcpState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** One socket over the looks: its rows, each with the looks that saw it. As long as it is seen unchanged there is nothing to note. */
final class Track {
    private static final long STILL = Long.MAX_VALUE;

    private final List<Version> versions = new ArrayList<>(1);

    /**
     * A row.
     *
     * @param fromNanos the first look that saw it
     * @param untilNanos the last one, or {@link #STILL}
     */
    private record Version(SocketRow row, long fromNanos, long untilNanos) {}

    /** Whether the last look saw it. */
    boolean isPresent() {
        return !versions.isEmpty() && versions.getLast().untilNanos == STILL;
    }

    /** Whether the last look saw it as this row. */
    @SuppressWarnings("ReferenceEquality") // as in Difference
    boolean isPresentAs(SocketRow row) {
        return isPresent() && versions.getLast().row == row;
    }

    /** This look sees it as this row. The last one, which was at {@code before}, didn't. */
    void appear(SocketRow row, long now) {
        versions.add(new Version(row, now, STILL));
    }

    /** No look after this one has seen that row. */
    void vanish(long before) {
        Version last = versions.removeLast();
        versions.add(new Version(last.row, last.fromNanos, before));
    }

    /** Whether the row that is seen now follows on the one before, which the look at {@code before} saw, in the same state. */
    boolean goesOn(long before) {
        if (versions.size() < 2) {
            return false;
        }
        Version previous = versions.get(versions.size() - 2);
        return previous.untilNanos == before
                && previous.row.state() == versions.getLast().row.state();
    }

    /** Whether the row that is seen now has the same owner as the one before: then it is the target's if that was. */
    boolean keepsInode() {
        return versions.size() < 2
                || versions.get(versions.size() - 2).row.inode()
                        == versions.getLast().row.inode();
    }

    /** Drops what only looks before this one saw. Returns false if nothing is left. */
    boolean forgetBefore(long begin) {
        int old = 0;
        while (old < versions.size() && versions.get(old).untilNanos < begin) {
            old++;
        }
        versions.subList(0, old).clear();
        return !versions.isEmpty();
    }

    /** The state in which it was last seen, from the first look of a window to the last; empty if none saw it as the target's. */
    Optional<SocketLife> life(long begin, long end, Predicate<SocketRow> isOfTarget) {
        int first = versions.size();
        int last = -1;
        for (int at = versions.size() - 1; at >= 0 && versions.get(at).untilNanos >= begin; at--) {
            SocketRow row = versions.get(at).row;
            if (isOfTarget.test(row)) {
                if (last >= 0 && row.state() != state(last)) {
                    break;
                }
                first = at;
                last = Math.max(last, at);
            }
        }
        if (last < 0) {
            return Optional.empty();
        }
        Version one = versions.get(first);
        Version other = versions.get(last);
        return Optional.of(
                new SocketLife(one.row, Math.max(one.fromNanos, begin), other.row, Math.min(other.untilNanos, end)));
    }

    private TcpState state(int version) {
        return versions.get(version).row.state();
    }
}
