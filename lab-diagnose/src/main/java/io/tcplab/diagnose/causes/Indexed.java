package io.tcplab.diagnose.causes;

import io.tcplab.diagnose.sample.Difference;
import io.tcplab.diagnose.sample.Sample;
import io.tcplab.diagnose.sample.SocketRow;
import io.tcplab.kernel.sockets.TcpState;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * A sample, and what judging asks of it whatever the target is. What didn't change is taken over from the look before.
 *
 * @param byState its rows by state
 * @param accepted the local ends of connections that were accepted, by the kernel's own record
 * @param shared connections of which two or more processes hold descriptors
 * @param timed rows of sockets that wait for the peer by a timer, in any state: it may have stopped answering
 * @param asked whether tcp_info was asked for, and some socket has it
 * @param unlike rows that the look before doesn't have with the same holders; may be more than those
 */
record Indexed(
        Sample sample,
        ByState byState,
        Set<End> accepted,
        List<SocketRow> shared,
        List<SocketRow> timed,
        boolean asked,
        List<SocketRow> unlike) {
    static Indexed of(Sample sample) {
        return new Indexed(
                sample,
                ByState.of(sample.sockets()),
                accepted(sample),
                shared(sample),
                timed(sample),
                asked(sample.sockets()),
                sample.sockets());
    }

    /** Each by itself. */
    static List<Indexed> all(List<Sample> samples) {
        return samples.stream().map(Indexed::of).toList();
    }

    /** The next look. */
    Indexed next(Difference difference, Sample next) {
        return new Indexed(
                next,
                byState.next(difference, next.sockets()),
                concerns(difference, Indexed::isAccepted) ? accepted(next) : accepted,
                concerns(difference, SocketRow::isHeld) || !hasHoldersOf(next) ? shared(next) : shared,
                concerns(difference, Indexed::isTimed) ? timed(next) : timed,
                asked(difference.came()) || (asked && asked(next.sockets())),
                hasHoldersOf(next) ? difference.came() : next.sockets());
    }

    /** The namespace's rows in this state. */
    List<SocketRow> in(TcpState state) {
        return byState.in(state);
    }

    /** The namespace's listeners. */
    List<SocketRow> listeners() {
        return byState.in(TcpState.LISTEN);
    }

    /** A search that found nothing new returns the very result of the one before. */
    @SuppressWarnings("ReferenceEquality") // comparing hundreds of thousands of holders is what this saves
    private boolean hasHoldersOf(Sample other) {
        return other.holders().byInode() == sample.holders().byInode();
    }

    private static boolean concerns(Difference difference, Predicate<SocketRow> which) {
        return difference.moved()
                || difference.gone().stream().anyMatch(which)
                || difference.came().stream().anyMatch(which);
    }

    private static List<SocketRow> timed(Sample sample) {
        return sample.sockets().stream().filter(Indexed::isTimed).toList();
    }

    private static boolean isTimed(SocketRow row) {
        return switch (row.timer()) {
            case RETRANSMIT, KEEPALIVE, PROBE -> true;
            case NONE, TIME_WAIT -> false;
        };
    }

    private static boolean asked(List<SocketRow> rows) {
        return rows.stream().anyMatch(row -> row.activity() != null);
    }

    private static Set<End> accepted(Sample sample) {
        Set<End> ends = new HashSet<>();
        for (SocketRow row : sample.sockets()) {
            if (isAccepted(row)) {
                ends.add(new End(row.localAddress(), row.localPort()));
            }
        }
        return ends;
    }

    private static boolean isAccepted(SocketRow row) {
        return row.state() != TcpState.LISTEN
                && row.activity() != null
                && row.activity().ownSyns() == 0;
    }

    private static List<SocketRow> shared(Sample sample) {
        List<SocketRow> shared = new ArrayList<>();
        for (SocketRow row : sample.sockets()) {
            if (row.state() != TcpState.LISTEN
                    && row.isHeld()
                    && sample.holders().areSeveral(row.inode())) {
                shared.add(row);
            }
        }
        return shared;
    }
}
