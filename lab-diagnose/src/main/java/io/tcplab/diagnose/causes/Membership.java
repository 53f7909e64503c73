package io.tcplab.diagnose.causes;

import io.tcplab.diagnose.sample.ProcessSample;
import io.tcplab.diagnose.sample.Sample;
import io.tcplab.diagnose.sample.Scope;
import io.tcplab.diagnose.sample.SocketRow;
import io.tcplab.kernel.processes.SocketHolder;
import io.tcplab.kernel.sockets.TcpState;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * Which sockets are the target's. A descriptor tells; where there is none (not yet accepted, orphaned, TIME_WAIT) the address and port
 * do: the target listens there, or it is a connection to where the target has others.
 */
public final class Membership {
    /** A name's first word: gunicorn's master and workers call themselves by it, and by what they are. */
    private static final Pattern PROGRAM = Pattern.compile("[\\w.+]+");

    private static final int MOST_ANCESTORS = 16;

    private final Scope scope;
    private final Listeners listeners = new Listeners();
    /** Where connections were accepted, whether or not anybody listens there now. */
    private final Set<End> accepted = new HashSet<>();
    /** Inodes of the target's listeners. */
    private final Set<Long> own = new HashSet<>();
    /** Ports on which the target listens. */
    private final Set<Integer> ownPorts = new HashSet<>();
    /**
     * The target's processes: the one that was named and its workers, or fellow workers. They listen on its sockets and on no others:
     * whoever listens on others, too, may be a supervisor, which has the listeners of strangers. So may be who started it and is
     * another program.
     */
    private final Set<Integer> group = new HashSet<>();
    /** Inodes of sockets of which the target had a descriptor in some sample. */
    private final Set<Long> held = new HashSet<>();
    /** Inodes of connections on the target's ports that only strangers had, who listen there, too. */
    private final Set<Long> strangers = new HashSet<>();
    /** Where the target has or had connections that it opened. */
    private final Set<End> remotes = new HashSet<>();

    private boolean byPeerPort;

    private Membership(Scope scope) {
        this.scope = scope;
    }

    /** Learns from samples which sockets are the target's. */
    public static Membership of(Scope scope, List<Sample> samples) {
        return learned(scope, Indexed.all(samples));
    }

    static Membership learned(Scope scope, List<Indexed> looks) {
        Membership membership = new Membership(scope);
        looks.forEach(membership::learnServed);
        switch (scope) {
            case Scope.OfProcess process -> {
                Map<Integer, ProcessSample> processes = new HashMap<>();
                looks.forEach(look -> processes.putAll(look.sample().processes()));
                membership.learnGroup(process.pid(), looks, processes);
                for (int at = 0; at < looks.size(); at++) {
                    membership.learnHeld(looks.get(at).sample(), news(looks, at), processes);
                }
            }
            case Scope.OnPort target -> membership.byPeerPort = isNobodys(target.port(), looks);
            case Scope.Everything everything -> {}
        }
        return membership;
    }

    /** Whether no socket has it as its local port. Where there is a listener that is known without going through all. */
    private static boolean isNobodys(int port, List<Indexed> looks) {
        return looks.stream().flatMap(look -> look.listeners().stream()).noneMatch(socket -> socket.localPort() == port)
                && IntStream.range(0, looks.size())
                        .mapToObj(at -> news(looks, at))
                        .noneMatch(rows -> rows.stream().anyMatch(socket -> socket.localPort() == port));
    }

    /** The rows of a look from which there is more to learn than from those of the looks before it. */
    private static List<SocketRow> news(List<Indexed> looks, int at) {
        return at == 0 ? looks.getFirst().sample().sockets() : looks.get(at).unlike();
    }

    /** The program, by the process's name without what distinguishes its copies. */
    static String program(String name) {
        Matcher first = PROGRAM.matcher(name);
        return first.lookingAt() ? first.group() : name;
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

    /** Where somebody listens, or did. */
    Set<End> listening() {
        return listeners.ends();
    }

    /** Where connections were accepted, by the kernel's own record. */
    Set<End> accepted() {
        return accepted;
    }

    /** Whether anybody listens where a connection to this address and port comes in. */
    boolean isListenedAt(InetAddress address, int port) {
        return listeners.areAt(address, port);
    }

    /** Whether a connection with this local end was accepted, as far as others there tell. */
    boolean isServed(InetAddress address, int port) {
        return listeners.areAt(address, port) || (!accepted.isEmpty() && accepted.contains(new End(address, port)));
    }

    /** Whether the process is the target, or one of it; true of any if the target isn't a process. */
    public boolean isOfTarget(int pid) {
        return group.isEmpty() || group.contains(pid);
    }

    private boolean isOfProcess(SocketRow socket) {
        boolean comesIn = ownPorts.contains(socket.localPort())
                && listeners.areAt(socket.localAddress(), socket.localPort(), own);
        if (socket.isHeld()) {
            return held.contains(socket.inode())
                    || (socket.state() != TcpState.LISTEN && comesIn && !strangers.contains(socket.inode()));
        }
        return comesIn
                || (!isServed(socket.localAddress(), socket.localPort())
                        && remotes.contains(new End(socket.peerAddress(), socket.peerPort())));
    }

    private void learnServed(Indexed look) {
        look.listeners().forEach(socket -> listeners.learn(look.sample(), socket));
        accepted.addAll(look.accepted());
    }

    private void learnGroup(int pid, List<Indexed> looks, Map<Integer, ProcessSample> processes) {
        Map<Integer, Set<Long>> byProcess = listeners.byProcess();
        own.addAll(byProcess.getOrDefault(pid, Set.of()));
        looks.stream()
                .flatMap(look -> look.listeners().stream())
                .filter(socket -> own.contains(socket.inode()))
                .forEach(socket -> ownPorts.add(socket.localPort()));
        group.add(pid);
        byProcess.forEach((other, theirs) -> {
            if (own.containsAll(theirs) && !isSupervisor(other, pid, processes)) {
                group.add(other);
            }
        });
    }

    /** Whether it has started the other, directly or not, and is another program. */
    private static boolean isSupervisor(int pid, int of, Map<Integer, ProcessSample> processes) {
        ProcessSample supervisor = processes.get(pid);
        ProcessSample service = processes.get(of);
        return supervisor != null
                && service != null
                && !program(supervisor.stat().name())
                        .equals(program(service.stat().name()))
                && descends(of, Set.of(pid), processes);
    }

    /** Whether one of these is among the parents of a process, as far as those are known. */
    private static boolean descends(int pid, Set<Integer> from, Map<Integer, ProcessSample> processes) {
        ProcessSample process = processes.get(pid);
        for (int i = 0; i < MOST_ANCESTORS && process != null; i++) {
            if (from.contains(process.stat().parent())) {
                return true;
            }
            process = processes.get(process.stat().parent());
        }
        return false;
    }

    private void learnHeld(Sample sample, List<SocketRow> rows, Map<Integer, ProcessSample> processes) {
        for (SocketRow socket : sample.bound()) {
            if (isOfGroup(sample.holders().of(socket.inode()))) {
                held.add(socket.inode());
            }
        }
        for (SocketRow socket : rows) {
            List<SocketHolder> holders = sample.holders().of(socket.inode());
            if (isOfGroup(holders)) {
                held.add(socket.inode());
                if (socket.state() != TcpState.LISTEN && !isServed(socket.localAddress(), socket.localPort())) {
                    remotes.add(new End(socket.peerAddress(), socket.peerPort()));
                }
            } else if (!holders.isEmpty()
                    && ownPorts.contains(socket.localPort())
                    && holders.stream().allMatch(holder -> isStranger(holder.pid(), socket.localPort(), processes))) {
                strangers.add(socket.inode());
            }
        }
    }

    private boolean isOfGroup(List<SocketHolder> holders) {
        return holders.stream().anyMatch(holder -> group.contains(holder.pid()));
    }

    /** Whether it, or who started it, listens on the port by a socket that isn't the target's (SO_REUSEPORT, another address). */
    private boolean isStranger(int pid, int port, Map<Integer, ProcessSample> processes) {
        int at = pid;
        for (int i = 0; i < MOST_ANCESTORS; i++) {
            if (group.contains(at)) {
                return false;
            }
            if (listeners.hasOther(at, port, own)) {
                return true;
            }
            ProcessSample process = processes.get(at);
            if (process == null) {
                return false;
            }
            at = process.stat().parent();
        }
        return false;
    }
}
