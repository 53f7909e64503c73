package io.tcplab.diagnose.causes;

import io.tcplab.diagnose.sample.Sample;
import io.tcplab.diagnose.sample.Scope;
import io.tcplab.diagnose.sample.SocketRow;
import io.tcplab.kernel.sockets.TcpState;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which sockets are the target's. A descriptor tells; where there is none (not yet accepted, orphaned, TIME_WAIT) the port
 * does: the target listens on it, or it is a connection to where the target has others.
 */
public final class Membership {
    private final Scope scope;
    /** Ports on which anybody in the namespace listens. */
    private final Set<Integer> listened = new HashSet<>();
    /** Ports on which connections were accepted, whether or not anybody listens there now. */
    private final Set<Integer> accepted = new HashSet<>();
    /** Ports on which the target listens. */
    private final Set<Integer> own = new HashSet<>();
    /**
     * The target's processes: the one that was named and its workers, or fellow workers. They listen on its sockets and on no others:
     * whoever listens on others, too, may be a supervisor, which has the listeners of strangers.
     */
    private final Set<Integer> group = new HashSet<>();
    /** Inodes of sockets of which the target had a descriptor in some sample. */
    private final Set<Long> held = new HashSet<>();
    /** Where the target has or had connections that it opened. */
    private final Set<Remote> remotes = new HashSet<>();

    private boolean byPeerPort;

    private record Remote(InetAddress address, int port) {}

    private Membership(Scope scope) {
        this.scope = scope;
    }

    /** Learns from samples which sockets are the target's. */
    public static Membership of(Scope scope, List<Sample> samples) {
        Membership membership = new Membership(scope);
        samples.forEach(membership::learnListeners);
        switch (scope) {
            case Scope.OfProcess process -> {
                membership.learnGroup(process.pid(), samples);
                samples.forEach(membership::learnHeld);
            }
            case Scope.OnPort target ->
                membership.byPeerPort = samples.stream()
                        .flatMap(sample -> sample.sockets().stream())
                        .noneMatch(socket -> socket.localPort() == target.port());
            case Scope.Everything everything -> {}
        }
        return membership;
    }

    /** Whether the socket, of the last sample, is the target's. */
    public boolean has(SocketRow socket) {
        return switch (scope) {
            case Scope.Everything everything -> true;
            case Scope.OnPort target -> (byPeerPort ? socket.peerPort() : socket.localPort()) == target.port();
            case Scope.OfProcess process -> isOfProcess(socket);
        };
    }

    /** Whether a socket that is only bound to a port is the target's. */
    public boolean hasBound(SocketRow socket) {
        return switch (scope) {
            case Scope.Everything everything -> true;
            case Scope.OnPort target -> socket.localPort() == target.port();
            case Scope.OfProcess process -> held.contains(socket.inode());
        };
    }

    /** Whether the socket, of any sample, is or was the target's. */
    boolean had(SocketRow socket) {
        return has(socket);
    }

    /** Whether anybody in the namespace listens on this port. */
    public boolean isListenedOn(int port) {
        return listened.contains(port);
    }

    /** Whether a connection with this local port was accepted, as far as others of the port tell. */
    boolean isServed(int port) {
        return listened.contains(port) || accepted.contains(port);
    }

    /** Whether the process is the target, or one of it; true of any if the target isn't a process. */
    public boolean isOfTarget(int pid) {
        return group.isEmpty() || group.contains(pid);
    }

    private boolean isOfProcess(SocketRow socket) {
        if (socket.isHeld()) {
            return held.contains(socket.inode())
                    || (socket.state() != TcpState.LISTEN && own.contains(socket.localPort()));
        }
        return own.contains(socket.localPort())
                || (!isServed(socket.localPort())
                        && remotes.contains(new Remote(socket.peerAddress(), socket.peerPort())));
    }

    private void learnListeners(Sample sample) {
        for (SocketRow socket : sample.sockets()) {
            if (socket.state() == TcpState.LISTEN) {
                listened.add(socket.localPort());
            } else if (socket.activity() != null && socket.activity().ownSyns() == 0) {
                accepted.add(socket.localPort());
            }
        }
    }

    private void learnGroup(int pid, List<Sample> samples) {
        Map<Integer, Map<Long, Integer>> listeners = new HashMap<>();
        for (Sample sample : samples) {
            for (SocketRow socket : sample.sockets()) {
                if (socket.state() == TcpState.LISTEN) {
                    sample.holders()
                            .of(socket.inode())
                            .forEach(holder -> listeners
                                    .computeIfAbsent(holder.pid(), any -> new HashMap<>())
                                    .put(socket.inode(), socket.localPort()));
                }
            }
        }
        Map<Long, Integer> targets = listeners.getOrDefault(pid, Map.of());
        own.addAll(targets.values());
        group.add(pid);
        listeners.forEach((other, theirs) -> {
            if (targets.keySet().containsAll(theirs.keySet())) {
                group.add(other);
            }
        });
    }

    private void learnHeld(Sample sample) {
        for (SocketRow socket : sample.bound()) {
            if (sample.holders().of(socket.inode()).stream().anyMatch(holder -> group.contains(holder.pid()))) {
                held.add(socket.inode());
            }
        }
        for (SocketRow socket : sample.sockets()) {
            if (sample.holders().of(socket.inode()).stream().anyMatch(holder -> group.contains(holder.pid()))) {
                held.add(socket.inode());
                if (socket.state() != TcpState.LISTEN && !isServed(socket.localPort())) {
                    remotes.add(new Remote(socket.peerAddress(), socket.peerPort()));
                }
            }
        }
    }
}
