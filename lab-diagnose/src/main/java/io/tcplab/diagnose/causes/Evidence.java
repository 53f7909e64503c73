package io.tcplab.diagnose.causes;

import io.tcplab.diagnose.sample.Activity;
import io.tcplab.diagnose.sample.LocalPorts;
import io.tcplab.diagnose.sample.ProcessSample;
import io.tcplab.diagnose.sample.Sample;
import io.tcplab.diagnose.sample.Scope;
import io.tcplab.diagnose.sample.Settings;
import io.tcplab.diagnose.sample.SocketRow;
import io.tcplab.kernel.processes.ProcessStat;
import io.tcplab.kernel.processes.SocketHolder;
import io.tcplab.kernel.processes.TaskState;
import io.tcplab.kernel.processes.ThreadCall;
import io.tcplab.kernel.sockets.SocketMessage;
import io.tcplab.kernel.sockets.TcpState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Samples of one target over a while, and what can be said of them together. The last one is what a finding is about,
 * those before it tell what has changed.
 */
public final class Evidence {
    private static final Duration LEAST_PATIENCE = Duration.ofMillis(500);
    private static final Duration MOST_PATIENCE = Duration.ofSeconds(2);

    private final Scope scope;
    private final List<Sample> samples;
    private final Membership membership;
    private final List<SocketRow> sockets;
    private final Map<TcpState, List<SocketRow>> byState = new HashMap<>();
    private final Map<Long, SocketLife> lives;
    private final Optional<LocalPorts> chosenPorts;
    private final LeftOvers leftOvers;
    private final Duration patience;
    private final CloseWaits closeWaits;
    private final Once<List<Growth>> growths = new Once<>(() -> Growth.all(this));
    private final Once<List<Growth>> scattered = new Once<>(() -> Growth.scattered(this));
    private final Once<Optional<PairPorts>> fullestPair = new Once<>(() -> PairPorts.fullest(this));

    private Evidence(Scope scope, List<Sample> samples) {
        this.scope = scope;
        this.samples = List.copyOf(samples);
        this.membership = Membership.of(scope, samples);
        this.sockets = last().sockets().stream().filter(membership::has).toList();
        sockets.forEach(socket -> byState.computeIfAbsent(socket.state(), state -> new ArrayList<>())
                .add(socket));
        this.lives = SocketLife.of(samples, membership);
        this.chosenPorts = settings().localPorts();
        this.leftOvers = LeftOvers.of(last().sockets(), chosenPorts);
        this.patience = patience(window());
        this.closeWaits = CloseWaits.of(this);
    }

    /**
     * Puts samples together.
     *
     * @param samples in their order, at least one
     */
    public static Evidence of(Scope scope, List<Sample> samples) {
        return new Evidence(scope, samples);
    }

    /** The first sample. */
    public Sample first() {
        return samples.getFirst();
    }

    /** The last sample. */
    public Sample last() {
        return samples.getLast();
    }

    /** All samples, in their order. */
    public List<Sample> samples() {
        return samples;
    }

    /** From the first sample to the last. */
    public Duration window() {
        return Duration.ofNanos(last().atNanos() - first().atNanos());
    }

    /**
     * How long something has to last before it counts as stuck: what a healthy program, on a loaded machine, doesn't need.
     */
    public Duration patience() {
        return patience;
    }

    private static Duration patience(Duration window) {
        Duration half = window.dividedBy(2);
        if (half.compareTo(LEAST_PATIENCE) < 0) {
            // A single look, or nearly: then only what the kernel itself says about ages can tell.
            return MOST_PATIENCE;
        }
        return half.compareTo(MOST_PATIENCE) > 0 ? MOST_PATIENCE : half;
    }

    /** The target's sockets in the last sample. */
    public List<SocketRow> sockets() {
        return sockets;
    }

    /**
     * Whether a socket is the target's or, where the target is a port, leads to it: who connects to it from the same namespace has
     * a part in what becomes of it.
     */
    public boolean concerns(SocketRow socket) {
        return membership.has(socket) || (scope instanceof Scope.OnPort on && socket.peerPort() == on.port());
    }

    /** The target's sockets in this state in the last sample. */
    public List<SocketRow> in(TcpState state) {
        return byState.getOrDefault(state, List.of());
    }

    /** The target's sockets that are bound to a port, and neither listen nor are connected. */
    public List<SocketRow> bound() {
        return last().bound().stream().filter(membership::hasBound).toList();
    }

    /** What is known of a socket besides its last row; for states in which sockets get stuck. */
    public Optional<SocketLife> life(SocketRow socket) {
        return Optional.ofNullable(lives.get(socket.cookie()));
    }

    /** For at least this long nothing has come from the peer. */
    public Duration silence(SocketRow socket) {
        return life(socket)
                .map(SocketLife::silentFor)
                .orElseGet(() -> Duration.ofMillis(Math.max(0, socket.silentMillis())));
    }

    /** Every socket of the target that was seen in a state in which sockets get stuck, gone or not. */
    public Map<Long, SocketLife> lives() {
        return lives;
    }

    /** The target's sockets in CLOSE_WAIT, by cause. */
    CloseWaits closeWaits() {
        return closeWaits;
    }

    /** As {@link Growth#all}. */
    List<Growth> growths() {
        return growths.get();
    }

    /** As {@link Growth#scattered}. */
    List<Growth> scattered() {
        return scattered.get();
    }

    /** As {@link PairPorts#fullest}. */
    Optional<PairPorts> fullestPair() {
        return fullestPair.get();
    }

    /** Which sockets are the target's. */
    public Membership membership() {
        return membership;
    }

    /**
     * Whether it was accepted here, rather than opened. The kernel knows it, whether or not there is a listener now, but not of minisockets
     * and not where tcp_info wasn't asked for. Then others of its address and port tell, listeners and what they have accepted, and else
     * whether connect() chooses such ports.
     */
    public boolean isAccepted(SocketRow socket) {
        return knowsOpener(socket)
                ? ownSyns(socket) == 0
                : membership.isServed(socket.localAddress(), socket.localPort())
                        || !isChosen(socket.localPort())
                        || leftOvers.contains(socket.localAddress(), socket.localPort());
    }

    /** Whether it is unknown who opened it: connect() may have chosen either end's port. */
    boolean isOpenerUnknown(SocketRow socket) {
        return !isAccepted(socket)
                && !knowsOpener(socket)
                && isChosen(socket.peerPort())
                && !membership.isServed(socket.peerAddress(), socket.peerPort());
    }

    private boolean isChosen(int port) {
        return chosenPorts.map(ports -> ports.contains(port)).orElse(true);
    }

    /** Whether the kernel itself records who opened it. */
    boolean knowsOpener(SocketRow socket) {
        return ownSyns(socket) != SocketMessage.ABSENT;
    }

    private static long ownSyns(SocketRow socket) {
        Activity activity = socket.activity();
        return activity == null ? SocketMessage.ABSENT : activity.ownSyns();
    }

    /** The visible processes that hold a descriptor of it. */
    public List<SocketHolder> holders(SocketRow socket) {
        return last().holders().of(socket.inode());
    }

    /** A process that holds sockets of the namespace, as it was last seen. */
    public Optional<ProcessSample> process(int pid) {
        return samples.reversed().stream()
                .flatMap(sample -> Optional.ofNullable(sample.processes().get(pid)).stream())
                .findFirst();
    }

    /** A process's name, if it is known. */
    Optional<String> name(int pid) {
        return process(pid).map(process -> process.stat().name());
    }

    /** Whether one is a copy of the other, by their names: {@code gunicorn: master} and {@code gunicorn: worker} are. */
    boolean areOfOneProgram(int pid, int other) {
        return name(pid).map(Membership::program).equals(name(other).map(Membership::program))
                && name(pid).isPresent();
    }

    /** The processes that hold sockets of the namespace, as they were last seen together. */
    public Collection<ProcessSample> processes() {
        return samples.reversed().stream()
                .map(sample -> sample.processes().values())
                .filter(found -> !found.isEmpty())
                .findFirst()
                .orElse(List.of());
    }

    /** The namespace's sysctls. */
    public Settings settings() {
        return samples.reversed().stream()
                .map(Sample::settings)
                .filter(found -> !found.values().isEmpty())
                .findFirst()
                .orElseGet(() -> last().settings());
    }

    /** The port that was asked for, where the target is one. */
    public OptionalInt port() {
        return scope instanceof Scope.OnPort on ? OptionalInt.of(on.port()) : OptionalInt.empty();
    }

    /**
     * Connections, at any look, that aren't the target's: what the namespace counts may be theirs. The other end of one of the
     * target's connections is also held by others.
     */
    public Neighbours neighbours() {
        return isWholeNamespace() ? Neighbours.NONE : Neighbours.of(this);
    }

    /** Whether it is about all that is in the namespace, as the counters are. */
    public boolean isWholeNamespace() {
        return scope instanceof Scope.Everything;
    }

    /** {@code 4711 (nginx)}, or only the pid if nothing else is known. */
    public String label(int pid) {
        return process(pid).map(ProcessSample::label).orElse(Integer.toString(pid));
    }

    /** CPU time of a process's threads during the window, as a share of one processor, by tid. */
    public Map<Integer, Double> cpuShares(int pid) {
        Map<Integer, Long> before = new HashMap<>();
        Optional.ofNullable(first().processes().get(pid))
                .ifPresent(process -> process.threads()
                        .forEach(thread ->
                                before.put(thread.stat().id(), thread.stat().cpuTicks())));
        double ticks = window().toNanos() / 1e9 * ProcessStat.TICKS_PER_SECOND;
        Map<Integer, Double> shares = new HashMap<>();
        process(pid)
                .ifPresent(process -> process.threads().forEach(thread -> {
                    Long then = before.get(thread.stat().id());
                    if (then != null && ticks > 0) {
                        shares.put(thread.stat().id(), (thread.stat().cpuTicks() - then) / ticks);
                    }
                }));
        return shares;
    }

    /** A process at each look at which it was there, in their order. */
    public Stream<ProcessSample> looks(int pid) {
        return samples.stream()
                .flatMap(sample -> Optional.ofNullable(sample.processes().get(pid)).stream());
    }

    /** Threads of a process that ran, or wanted to, at each look at it, by tid; none if there was but one look. */
    public Set<Integer> alwaysRunnable(int pid) {
        List<Set<Integer>> looks = looks(pid).map(Evidence::runnable).toList();
        Set<Integer> always = new HashSet<>(looks.size() < 2 ? Set.of() : looks.getFirst());
        looks.forEach(always::retainAll);
        return always;
    }

    private static Set<Integer> runnable(ProcessSample process) {
        return process.threads().stream()
                .map(ThreadCall::stat)
                .filter(stat -> stat.state() == TaskState.RUNNING)
                .map(ProcessStat::id)
                .collect(Collectors.toSet());
    }

    /** How far a counter of the namespace went during the window; empty if this kernel lacks it. */
    public OptionalLong counted(String counter) {
        return last().counters().has(counter) && first().counters().has(counter)
                ? OptionalLong.of(
                        last().counters().get(counter) - first().counters().get(counter))
                : OptionalLong.empty();
    }

    /** What a counter reads that rested during the window; empty if it is 0, or went up, or this kernel lacks it. */
    public Optional<Long> sinceBoot(String counter) {
        boolean rested = counted(counter).orElse(-1) == 0;
        return rested ? Optional.of(last().counters().get(counter)).filter(count -> count > 0) : Optional.empty();
    }

    /** Whether it has been in its state for this long already, by what was seen or by what the kernel says. */
    public boolean lasts(SocketRow socket, Duration time) {
        boolean seen = life(socket)
                .filter(life -> life.state() == socket.state())
                .map(life -> life.seenFor().compareTo(time) >= 0)
                .orElse(false);
        return seen || socket.silentMillis() >= time.toMillis();
    }
}
