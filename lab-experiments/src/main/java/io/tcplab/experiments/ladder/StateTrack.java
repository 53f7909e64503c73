package io.tcplab.experiments.ladder;

import static io.tcplab.kernel.sockets.TcpState.CLOSE;
import static io.tcplab.kernel.sockets.TcpState.FIN_WAIT2;
import static io.tcplab.kernel.sockets.TcpState.SYN_RECV;
import static io.tcplab.kernel.sockets.TcpState.TIME_WAIT;

import io.tcplab.experiments.Role;
import io.tcplab.kernel.sockets.TcpState;
import io.tcplab.kernel.transitions.Transition;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The states that one host's end of a connection went through.
 *
 * <p>Transitions tell the moment. They know nothing of request sockets (SYN_RECV before the handshake's last ACK) and of
 * minisockets (TIME_WAIT, and FIN_WAIT_2 of an orphan: inet_twsk_alloc in net/ipv4/inet_timewait_sock.c, for which the full
 * socket goes to CLOSED). Those are taken from looks by sock_diag, while there is no full socket.
 */
final class StateTrack {
    private static final Set<TcpState> UNTRACED = Set.of(SYN_RECV, TIME_WAIT, FIN_WAIT2);

    private final Role host;
    private final List<LadderEvent.Entered> entered = new ArrayList<>();
    private TcpState current = CLOSE;

    private StateTrack(Role host) {
        this.host = host;
    }

    /**
     * The track of a host.
     *
     * @param transitions of the connection's socket on it; empty if they could not be had
     * @param looks at it
     */
    static List<LadderEvent.Entered> of(Role host, Optional<List<Transition>> transitions, List<Look> looks) {
        StateTrack track = new StateTrack(host);
        transitions.ifPresentOrElse(
                told -> track.merge(told, looks), () -> track.seen(looks, Set.of(TcpState.values())));
        return track.entered;
    }

    private void merge(List<Transition> transitions, List<Look> looks) {
        long since = Long.MIN_VALUE;
        boolean fullSocket = false;
        for (Transition transition : transitions) {
            if (!fullSocket) {
                seen(between(looks, since, transition.atNanos()), UNTRACED);
            }
            since = transition.atNanos();
            fullSocket = transition.to() != CLOSE;
            enter(since, fullSocket ? transition.to() : after(looks, since), false);
        }
        if (!fullSocket) {
            seen(between(looks, since, Long.MAX_VALUE), UNTRACED);
        }
    }

    /** What stands in a full socket's place when it has gone. */
    private static TcpState after(List<Look> looks, long atNanos) {
        return looks.stream()
                .filter(look -> look.atNanos() >= atNanos)
                .findFirst()
                .flatMap(Look::state)
                .filter(state -> state == TIME_WAIT || state == FIN_WAIT2)
                .orElse(CLOSE);
    }

    private void seen(List<Look> looks, Set<TcpState> believed) {
        for (Look look : looks) {
            TcpState state = look.state().orElse(CLOSE);
            if (state == CLOSE || believed.contains(state)) {
                enter(look.atNanos(), state, true);
            }
        }
    }

    private void enter(long atNanos, TcpState state, boolean seen) {
        if (state != current) {
            entered.add(new LadderEvent.Entered(atNanos, host, state, seen));
            current = state;
        }
    }

    private static List<Look> between(List<Look> looks, long from, long to) {
        return looks.stream()
                .filter(look -> look.atNanos() > from && look.atNanos() < to)
                .toList();
    }
}
