package io.tcplab.diagnose.causes;

import io.tcplab.diagnose.sample.Sample;
import io.tcplab.diagnose.sample.SocketRow;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** The listeners of a namespace that any sample saw, and who had descriptors of them. */
final class Listeners {
    /** A listener, and who had it. */
    private record Listener(InetAddress address, long inode, Set<Integer> pids) {
        /** A listener on an address goes before one on all of them (inet_lookup_listener() in net/ipv4/inet_hashtables.c). */
        int score(InetAddress local) {
            if (address.equals(local)) {
                return 2;
            }
            boolean all = address.isAnyLocalAddress();
            return all && (local instanceof Inet4Address || !(address instanceof Inet4Address)) ? 1 : 0;
        }
    }

    private final Map<Integer, Map<Long, Listener>> byPort = new HashMap<>();

    void learn(Sample sample, SocketRow listener) {
        Set<Integer> pids = byPort.computeIfAbsent(listener.localPort(), port -> new HashMap<>())
                .computeIfAbsent(
                        listener.inode(), inode -> new Listener(listener.localAddress(), inode, new HashSet<>()))
                .pids();
        sample.holders().of(listener.inode()).forEach(holder -> pids.add(holder.pid()));
    }

    /** Whether anybody listens where a connection with this local address and port would have come in. */
    boolean areAt(InetAddress local, int port) {
        Map<Long, Listener> there = byPort.get(port);
        if (there != null) {
            // Asked of each socket, and several times: making a stream would cost more than the answer.
            for (Listener listener : there.values()) {
                if (listener.score(local) > 0) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Whether one of these listeners, by their inodes, is where such a connection comes in; of several that share it, perhaps. */
    boolean areAt(InetAddress local, int port, Set<Long> inodes) {
        int most = 0;
        boolean isOne = false;
        for (Listener listener : byPort.getOrDefault(port, Map.of()).values()) {
            int score = listener.score(local);
            if (score > most) {
                isOne = false;
                most = score;
            }
            isOne |= score > 0 && score == most && inodes.contains(listener.inode);
        }
        return isOne;
    }

    /** Whether the process listens on this port by a socket that isn't one of these. */
    boolean hasOther(int pid, int port, Set<Long> inodes) {
        return byPort.getOrDefault(port, Map.of()).values().stream()
                .anyMatch(listener -> listener.pids.contains(pid) && !inodes.contains(listener.inode));
    }

    /** The addresses and ports. */
    Set<End> ends() {
        Set<End> ends = new HashSet<>();
        byPort.forEach(
                (port, listeners) -> listeners.values().forEach(listener -> ends.add(new End(listener.address, port))));
        return ends;
    }

    /** By process, the inodes of its listeners. */
    Map<Integer, Set<Long>> byProcess() {
        Map<Integer, Set<Long>> all = new HashMap<>();
        byPort.values()
                .forEach(listeners -> listeners
                        .values()
                        .forEach(listener -> listener.pids.forEach(pid ->
                                all.computeIfAbsent(pid, any -> new HashSet<>()).add(listener.inode))));
        return all;
    }
}
