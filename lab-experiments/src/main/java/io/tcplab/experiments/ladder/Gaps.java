package io.tcplab.experiments.ladder;

import static io.tcplab.kernel.sockets.TcpState.CLOSE;
import static io.tcplab.kernel.sockets.TcpState.LISTEN;

import io.tcplab.kernel.sockets.TcpState;
import io.tcplab.kernel.transitions.Transition;
import java.util.List;

/**
 * Whether a recording that lost state changes lost any of this socket's. Each tells the state before it too, so those of
 * one socket form a chain, and what is missing leaves a gap.
 */
final class Gaps {
    private Gaps() {}

    /**
     * Whether nothing is missing.
     *
     * @param changes of sockets with one pair of ends, on one host, since before the first of them was made; in order of
     *     time
     * @param looks at that host, in order of time
     */
    static boolean none(List<Transition> changes, List<Look> looks) {
        TcpState state = CLOSE;
        for (Transition change : changes) {
            // An accepted socket begins as a copy of its listener.
            TcpState before = change.from() == LISTEN ? CLOSE : change.from();
            if (before != state) {
                return false;
            }
            state = change.to();
        }
        return state == CLOSE || endsAs(state, changes.getLast(), looks);
    }

    private static boolean endsAs(TcpState state, Transition last, List<Look> looks) {
        return looks.stream()
                .filter(look -> look.atNanos() > last.atNanos())
                .reduce((earlier, later) -> later)
                .map(look -> look.state().orElse(CLOSE) == state)
                .orElse(true);
    }
}
