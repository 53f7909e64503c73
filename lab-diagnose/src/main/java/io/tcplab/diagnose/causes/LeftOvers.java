package io.tcplab.diagnose.causes;

import io.tcplab.diagnose.sample.LocalPorts;
import io.tcplab.diagnose.sample.SocketRow;
import io.tcplab.kernel.sockets.TcpState;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Where a server has listened of which only minisockets are left, on a port that connect() might have chosen: several of them share
 * it, and their peers' ports are such as connect() chooses. A client's would lead to ports with a listener.
 *
 * @param several the local ends that are shared
 */
record LeftOvers(Set<End> several) {
    static LeftOvers of(Indexed look, Optional<LocalPorts> chosen) {
        Set<End> once = new HashSet<>();
        Set<End> several = new HashSet<>();
        chosen.ifPresent(ports -> {
            for (SocketRow socket : minisockets(look)) {
                if (ports.contains(socket.peerPort()) && ports.contains(socket.localPort())) {
                    End end = new End(socket.localAddress(), socket.localPort());
                    if (!once.add(end)) {
                        several.add(end);
                    }
                }
            }
        });
        return new LeftOvers(several);
    }

    private static List<SocketRow> minisockets(Indexed look) {
        List<SocketRow> found = new ArrayList<>(look.in(TcpState.TIME_WAIT));
        look.in(TcpState.FIN_WAIT2).stream()
                .filter(socket -> socket.activity() == null)
                .forEach(found::add);
        return found;
    }

    boolean contains(InetAddress address, int port) {
        return !several.isEmpty() && several.contains(new End(address, port));
    }
}
