package io.tcplab.diagnose.causes;

import io.tcplab.diagnose.sample.Activity;
import io.tcplab.diagnose.sample.SocketRow;
import io.tcplab.kernel.sockets.TcpState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The target's sockets that are stuck in CLOSE_WAIT, each under one cause.
 *
 * <p>CLOSE_WAIT is where a connection is from the peer's FIN to the own close(); every connection that the peer closes
 * first passes it. Stuck is what stays there and gets nothing done.
 */
final class CloseWaits {
    /** Why a socket is in CLOSE_WAIT. */
    enum Kind {
        NEVER_ACCEPTED,
        SHARED,
        /** Opened here, and nobody looks at it: the end of the stream, perhaps a last word, is unread. */
        POOLED,
        /** Opened here, and its answer is unread while others wait. */
        EXHAUSTED,
        /** Younger than those that were seen to leave. */
        PASSING,
        READ,
        NOT_READ
    }

    /** SD_LISTEN_FDS_START. */
    private static final int FIRST_OF_SYSTEMD = 3;

    private final Evidence evidence;
    private final Pools pools;
    private final Map<Kind, List<SocketRow>> byKind = new EnumMap<>(Kind.class);
    private final List<SocketLife> departed = new ArrayList<>();
    /** Local ports where two processes held the same connection: the server there forks. */
    private final Set<Integer> forking = new HashSet<>();
    /** Per local port, the processes that hold a descriptor of a listener on it. */
    private final Map<Integer, Set<Integer>> listeners = new HashMap<>();
    /** As long as any that is gone from a place may have stayed there; nothing of a place from which none is gone. */
    private final Map<Place, Long> longestGoneMillis = new HashMap<>();
    /** Places to which connections were opened that have come to be stuck while this looked. */
    private final Set<Place> growing = new HashSet<>();

    private CloseWaits(Evidence evidence) {
        this.evidence = evidence;
        this.pools = new Pools(evidence);
    }

    static CloseWaits of(Evidence evidence) {
        CloseWaits all = new CloseWaits(evidence);
        evidence.looks().forEach(all::learnForking);
        evidence.inNamespace(TcpState.LISTEN).forEach(all::learnListeners);
        all.learnGone();
        evidence.lives().gone().stream().filter(all::hasLeft).forEach(all.departed::add);
        List<SocketRow> stuck =
                evidence.in(TcpState.CLOSE_WAIT).stream().filter(all::isStuck).toList();
        all.learnGrowing(stuck);
        for (SocketRow socket : stuck) {
            all.byKind
                    .computeIfAbsent(all.kind(socket), kind -> new ArrayList<>())
                    .add(socket);
        }
        return all;
    }

    /** Those that are stuck for this cause. */
    List<SocketRow> of(Kind kind) {
        return byKind.getOrDefault(kind, List.of());
    }

    /** Those that were in CLOSE_WAIT for a while and then left it, in the window. */
    List<SocketLife> departed() {
        return departed;
    }

    /** Those that will leave, too, if they are like those that have. */
    List<SocketRow> passing() {
        return of(Kind.PASSING);
    }

    /** The longest observed time in CLOSE_WAIT of those that closed. */
    Duration longestStay() {
        return departed.stream().map(CloseWaits::stay).max(Duration::compareTo).orElse(Duration.ZERO);
    }

    /** How many of these were not in CLOSE_WAIT when the window began, less those that left. */
    int growth(List<SocketRow> sockets) {
        if (evidence.window().isZero()) {
            return 0;
        }
        return Math.toIntExact(sockets.stream().filter(evidence.lives()::isNew).count());
    }

    /** For at least this long it has been in CLOSE_WAIT at that moment: the FIN was the last segment but for ACKs of our data. */
    static Duration atLeast(SocketRow socket, long nanos) {
        return Duration.ofMillis(Math.max(0, socket.silentMillis(nanos)));
    }

    private static Duration stay(SocketLife life) {
        Duration byKernel = atLeast(life.last(), life.lastNanos());
        return byKernel.compareTo(life.seenFor()) > 0 ? byKernel : life.seenFor();
    }

    /**
     * Left after it had lasted. A slow reader, or one that is read slowly, gets something done meanwhile; that isn't waiting.
     */
    private boolean hasLeft(SocketLife life) {
        return isGone(life) && stay(life).compareTo(evidence.patience()) >= 0;
    }

    private boolean isGone(SocketLife life) {
        return life.state() == TcpState.CLOSE_WAIT && getsNothingDone(life.first(), life.atLast());
    }

    private boolean isStuck(SocketRow socket) {
        return evidence.lasts(socket, evidence.patience()) && isIdle(socket);
    }

    private boolean isIdle(SocketRow socket) {
        if (socket.activity() == null) {
            return socket.sendQueue() == 0;
        }
        return evidence.life(socket)
                .map(life -> getsNothingDone(life.first(), evidence.now(socket)))
                .orElse(true);
    }

    /** Nothing was sent since; what waits in the send queue waits for the peer, not for a close(). */
    private boolean getsNothingDone(SocketRow before, SocketRow now) {
        if (now.sendQueue() > 0) {
            return false;
        }
        Activity then = before.activity();
        Activity activity = now.activity();
        if (activity == null) {
            return true;
        }
        boolean acked = then != null ? activity.bytesAcked() != then.bytesAcked() : hasJustSent(activity);
        boolean read = before.recvQueue() != now.recvQueue() && now.recvQueue() > 0;
        return !acked && !read;
    }

    /** Of very many sockets only the last look has tcp_info. */
    private boolean hasJustSent(Activity activity) {
        long ago = activity.lastDataSent();
        return ago >= 0 && ago < evidence.patience().toMillis();
    }

    private Kind kind(SocketRow socket) {
        if (!socket.isHeld()) {
            return Kind.NEVER_ACCEPTED;
        }
        if (isShared(socket)) {
            return Kind.SHARED;
        }
        if (isYoungerThanDeparted(socket)) {
            return Kind.PASSING;
        }
        if (socket.recvQueue() == 0) {
            return Kind.READ;
        }
        return isOpened(socket) && !growing.contains(Place.of(evidence, socket)) ? pools.kind(socket) : Kind.NOT_READ;
    }

    /** With a fifth more: what was seen of some isn't the longest there is. */
    private boolean isYoungerThanDeparted(SocketRow socket) {
        Long longest = longestGoneMillis.isEmpty() ? null : longestGoneMillis.get(Place.of(evidence, socket));
        return longest != null && evidence.silence(socket).toMillis() <= longest * 6 / 5;
    }

    private void learnGone() {
        for (SocketLife life : evidence.lives().gone()) {
            if (isGone(life)) {
                longestGoneMillis.merge(
                        Place.of(evidence, life.last()),
                        stay(life).plus(untilMissed(life)).toMillis(),
                        Math::max);
            }
        }
    }

    private void learnGrowing(List<SocketRow> stuck) {
        if (!evidence.window().isZero()) {
            stuck.stream()
                    .filter(socket -> isOpened(socket) && evidence.lives().isNew(socket))
                    .forEach(socket -> growing.add(Place.of(evidence, socket)));
        }
    }

    /** From the last look that saw it to the next one: somewhere between it left. */
    private Duration untilMissed(SocketLife life) {
        return evidence.samples().stream()
                .filter(sample -> sample.atNanos() > life.lastNanos())
                .findFirst()
                .map(sample -> Duration.ofNanos(sample.atNanos() - life.lastNanos()))
                .orElse(Duration.ZERO);
    }

    private boolean isOpened(SocketRow socket) {
        return socket.isHeld() && !evidence.isAccepted(socket);
    }

    /** Held by two, or by one that isn't meant to, or by one that lets its children hold what it holds. */
    private boolean isShared(SocketRow socket) {
        Set<Integer> pids = pids(socket);
        if (pids.size() > 1) {
            return true;
        }
        if (pids.isEmpty() || !evidence.isAccepted(socket)) {
            return false;
        }
        int holder = pids.iterator().next();
        return accepts(holder, socket.localPort()) ? forking.contains(socket.localPort()) : !isHandler(holder, socket);
    }

    /**
     * Whether a process that doesn't listen was given the connection to serve it, as a child of inetd, of systemd or of a server that
     * forks: inetd's children have it as their standard input, systemd's as the first descriptor behind the standard ones
     * (sd_listen_fds(3)), and who forks without exec keeps the name. Others were handed it, or inherited it by mistake.
     */
    private boolean isHandler(int pid, SocketRow socket) {
        Set<Integer> listening = listeners(socket.localPort());
        boolean bySystemd = listening.stream()
                .anyMatch(other -> evidence.programs().name(other).equals(Optional.of("systemd")));
        boolean isGiven = evidence.holders(socket).stream()
                .anyMatch(holder -> holder.fd() == 0 || (bySystemd && holder.fd() == FIRST_OF_SYSTEMD));
        return isGiven
                || listening.stream().anyMatch(other -> evidence.programs().areOfOne(pid, other));
    }

    /** Whether the process has a descriptor of a listener of the port. If the owner of that can't be seen, it may. */
    private boolean accepts(int pid, int port) {
        Set<Integer> listening = listeners(port);
        return listening.isEmpty() || listening.contains(pid);
    }

    private Set<Integer> listeners(int port) {
        return listeners.getOrDefault(port, Set.of());
    }

    private void learnListeners(SocketRow listener) {
        listeners.computeIfAbsent(listener.localPort(), port -> new HashSet<>()).addAll(pids(listener));
    }

    private void learnForking(Indexed look) {
        look.shared().stream().filter(evidence::isAccepted).forEach(socket -> forking.add(socket.localPort()));
    }

    private Set<Integer> pids(SocketRow socket) {
        Set<Integer> pids = new HashSet<>();
        evidence.holders(socket).forEach(holder -> pids.add(holder.pid()));
        return pids;
    }
}
