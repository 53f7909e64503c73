package io.tcplab.diagnose.sample;

import io.tcplab.kernel.Nearest;
import io.tcplab.kernel.netns.Namespace;
import io.tcplab.kernel.processes.ProcessStat;
import io.tcplab.kernel.processes.Processes;
import io.tcplab.kernel.processes.SocketHolder;
import io.tcplab.kernel.processes.SocketHolders;
import io.tcplab.kernel.sockets.SockDiag;
import io.tcplab.kernel.sockets.SocketQuery;
import io.tcplab.kernel.sockets.TcpSocket;
import io.tcplab.kernel.sockets.TcpState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What there is, for a user who asked for what there isn't. Each text begins with "; ", or is empty. */
public final class Nearby {
    private static final int AT_MOST = 8;

    private Nearby() {}

    /** Who listens on this host. */
    static String listening() {
        return listening(Namespace.current(), 0);
    }

    /** Who listens in a namespace, the ports nearest to the wanted one first. */
    public static String listening(Namespace namespace, int wanted) {
        SocketHolders holders = SocketHolders.of(Processes.pids());
        List<String> listeners = listeners(namespace).stream()
                .sorted(Comparator.comparingInt(
                        socket -> Math.abs(socket.local().getPort() - wanted)))
                .map(socket -> socket.local().getPort() + holder(holders.of(socket.inode())))
                .distinct()
                .limit(AT_MOST)
                .toList();
        return listeners.isEmpty() ? "; nothing listens here" : "; listening: " + String.join(", ", listeners);
    }

    /** The namespaces that have names. */
    static String namespaces(String wanted) {
        try (Stream<Path> files = Files.list(Path.of("/run/netns"))) {
            List<String> names =
                    files.map(file -> file.getFileName().toString()).sorted().toList();
            String hint = Nearest.hint(wanted, names);
            return hint.isEmpty()
                    ? "; known ones are: " + names.stream().limit(AT_MOST).collect(Collectors.joining(", "))
                    : hint;
        } catch (IOException none) {
            return "; no namespace has a name here (ip netns)";
        }
    }

    private static List<TcpSocket> listeners(Namespace namespace) {
        try (SockDiag diag = SockDiag.open(namespace)) {
            return diag.census(SocketQuery.ofStates(TcpState.LISTEN)).sockets();
        }
    }

    private static String holder(List<SocketHolder> holders) {
        return holders.stream()
                .findFirst()
                .map(holder -> " (pid " + holder.pid()
                        + Processes.stat(holder.pid())
                                .map(ProcessStat::name)
                                .map(name -> " " + name)
                                .orElse("") + ")")
                .orElse("");
    }
}
