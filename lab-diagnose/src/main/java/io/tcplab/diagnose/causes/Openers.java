package io.tcplab.diagnose.causes;

import io.tcplab.diagnose.sample.Activity;
import io.tcplab.diagnose.sample.LocalPorts;
import io.tcplab.diagnose.sample.Settings;
import io.tcplab.diagnose.sample.SocketRow;
import io.tcplab.kernel.sockets.SocketMessage;
import io.tcplab.kernel.sockets.TcpState;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Who opened a connection. The kernel knows it, whether or not there is a listener now, but not of minisockets and not where tcp_info
 * wasn't asked for. Then others of its address and port tell, listeners and what they have accepted, and else whether connect() chooses
 * such ports.
 */
final class Openers {
    private final Basis basis;
    private final Membership membership;
    private final Optional<LocalPorts> chosenPorts;
    /** The opened ones of lists that were asked for at the last look. */
    private IdentityHashMap<List<SocketRow>, List<SocketRow>> known = new IdentityHashMap<>();

    /**
     * All that it depends on but a socket's row.
     *
     * @param listening where somebody listens
     * @param accepted where connections were accepted
     */
    private record Basis(Set<End> listening, Set<End> accepted, Settings settings, LeftOvers leftOvers) {}

    private Openers(Basis basis, Membership membership, Optional<LocalPorts> chosenPorts) {
        this.basis = basis;
        this.membership = membership;
        this.chosenPorts = chosenPorts;
    }

    /** For a look, whose sockets' membership and sysctls these are: those of the look before, unless something differs. */
    static Openers of(Indexed look, Membership membership, Settings settings, Optional<Openers> before) {
        Optional<LocalPorts> chosenPorts = settings.localPorts();
        Basis basis =
                new Basis(membership.listening(), membership.accepted(), settings, LeftOvers.of(look, chosenPorts));
        return before.filter(openers -> openers.basis.equals(basis))
                .orElseGet(() -> new Openers(basis, membership, chosenPorts));
    }

    /** Whether it was accepted here, rather than opened. */
    boolean isAccepted(SocketRow socket) {
        return isKnown(socket)
                ? ownSyns(socket) == 0
                : membership.isServed(socket.localAddress(), socket.localPort())
                        || !isChosen(socket.localPort())
                        || basis.leftOvers.contains(socket.localAddress(), socket.localPort());
    }

    /** Whether it is unknown: connect() may have chosen either end's port. */
    boolean isUnknown(SocketRow socket) {
        return !isAccepted(socket)
                && !isKnown(socket)
                && isChosen(socket.peerPort())
                && !membership.isServed(socket.peerAddress(), socket.peerPort());
    }

    /** Whether the kernel itself records it. */
    static boolean isKnown(SocketRow socket) {
        return ownSyns(socket) != SocketMessage.ABSENT;
    }

    /** All connections of a look that were opened. A state in which nothing changed since the last call isn't gone through again. */
    List<SocketRow> opened(ByState look) {
        IdentityHashMap<List<SocketRow>, List<SocketRow>> now = new IdentityHashMap<>();
        List<SocketRow> all = new ArrayList<>();
        for (TcpState state : TcpState.values()) {
            List<SocketRow> rows = look.in(state);
            if (state != TcpState.LISTEN && !rows.isEmpty()) {
                List<SocketRow> known = this.known.get(rows);
                List<SocketRow> opened = known != null ? known : openedOf(rows);
                now.put(rows, opened);
                all.addAll(opened);
            }
        }
        known = now;
        return all;
    }

    private List<SocketRow> openedOf(List<SocketRow> rows) {
        return rows.stream().filter(row -> !isAccepted(row)).toList();
    }

    private boolean isChosen(int port) {
        return chosenPorts.map(ports -> ports.contains(port)).orElse(true);
    }

    private static long ownSyns(SocketRow socket) {
        Activity activity = socket.activity();
        return activity == null ? SocketMessage.ABSENT : activity.ownSyns();
    }
}
