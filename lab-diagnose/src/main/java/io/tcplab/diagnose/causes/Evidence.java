package io.tcplab.diagnose.causes;

import io.tcplab.diagnose.sample.Sample;
import io.tcplab.diagnose.sample.Scope;
import io.tcplab.diagnose.sample.Settings;
import io.tcplab.diagnose.sample.SocketRow;
import io.tcplab.kernel.processes.SocketHolder;
import io.tcplab.kernel.sockets.TcpState;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * Samples of one target over a while, and what can be said of them together. The last one is what a finding is about,
 * those before it tell what has changed.
 */
public final class Evidence {
    private static final Duration LEAST_PATIENCE = Duration.ofMillis(500);
    private static final Duration MOST_PATIENCE = Duration.ofSeconds(2);

    private final Scope scope;
    private final List<Indexed> looks;
    private final List<Sample> samples;
    private final Membership membership;
    private final Programs programs;
    private final List<SocketRow> sockets;
    private final ByState byState;
    private final Lives lives;
    private final Openers openers;
    private final Duration patience;
    private final Once<CloseWaits> closeWaits = new Once<>(() -> CloseWaits.of(this));
    private final Once<List<Growth>> growths = new Once<>(() -> Growth.all(this));
    private final Once<List<Growth>> scattered = new Once<>(() -> Growth.scattered(this));
    private final Once<List<SocketRow>> opened = new Once<>(this::findOpened);
    private final Once<Totals> totals;
    private final Once<Optional<PairPorts>> fullestPair = new Once<>(() -> PairPorts.fullest(this));

    Evidence(Scope scope, List<Indexed> looks, Tracks tracks, Totals all, Optional<Openers> before) {
        this.scope = scope;
        this.looks = looks;
        this.samples = looks.stream().map(Indexed::sample).toList();
        this.membership = Membership.learned(scope, looks);
        this.programs = new Programs(samples);
        this.sockets = isWholeNamespace()
                ? last().sockets()
                : last().sockets().stream().filter(membership::has).toList();
        this.byState = isWholeNamespace() ? looks.getLast().byState() : ByState.of(sockets);
        this.lives = new Lives(tracks, membership, sockets, looks);
        this.openers = Openers.of(looks.getLast(), membership, settings(), before);
        this.totals = new Once<>(() -> isWholeNamespace() ? all : Totals.of(sockets));
        this.patience = patience(window());
    }

    /**
     * Puts samples together.
     *
     * @param samples in their order, at least one
     */
    public static Evidence of(Scope scope, List<Sample> samples) {
        return new Ledger().evidence(scope, samples);
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
        return byState.in(state);
    }

    /** How many sockets of the target are in each state that has any, in the last sample. */
    public Map<TcpState, Integer> counts() {
        return byState.counts();
    }

    /** As {@link #counts}, in the sample before the last; in the last if there is only one. */
    public Map<TcpState, Integer> countsBefore() {
        Indexed before = looks.get(Math.max(0, looks.size() - 2));
        if (isWholeNamespace()) {
            return before.byState().counts();
        }
        return ByState.of(before.sample().sockets().stream()
                        .filter(membership::has)
                        .toList())
                .counts();
    }

    /** Sums over the target's sockets in the last sample. */
    public Totals totals() {
        return totals.get();
    }

    /** All sockets of the namespace in this state in the last sample, whatever their owner. */
    List<SocketRow> inNamespace(TcpState state) {
        return looks.getLast().in(state);
    }

    /** The target's sockets in this state in the last sample that wait for the peer by a timer. */
    Stream<SocketRow> timed(TcpState state) {
        return looks.getLast().timed().stream().filter(socket -> socket.state() == state && membership.has(socket));
    }

    /** Each sample with what was found of it once. */
    List<Indexed> looks() {
        return looks;
    }

    /** The target's sockets that are bound to a port, and neither listen nor are connected. */
    public List<SocketRow> bound() {
        return last().bound().stream().filter(membership::hasBound).toList();
    }

    /** The target's sockets over the samples. */
    Lives lives() {
        return lives;
    }

    /** As {@link Lives#of}. */
    public Optional<SocketLife> life(SocketRow socket) {
        return lives.of(socket);
    }

    /** As {@link Lives#silence}. */
    public Duration silence(SocketRow socket) {
        return lives.silence(socket);
    }

    /** Whether it has been in its state for this long already, by what was seen or by what the kernel says. */
    public boolean lasts(SocketRow socket, Duration time) {
        return silentMillis(socket) >= time.toMillis() || lives.wasSeenFor(socket, time);
    }

    /** As {@link SocketRow#silentMillis}, at the last sample. */
    public long silentMillis(SocketRow socket) {
        return socket.silentMillis(last().atNanos());
    }

    /** A row of the last sample, whose ages may be of an earlier one, as it is at the last. */
    public SocketRow now(SocketRow socket) {
        return socket.asOf(last().atNanos());
    }

    /** The target's sockets in CLOSE_WAIT, by cause. */
    CloseWaits closeWaits() {
        return closeWaits.get();
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

    /** As {@link Openers#isAccepted}. */
    public boolean isAccepted(SocketRow socket) {
        return openers.isAccepted(socket);
    }

    /** As {@link Openers#isUnknown}. */
    boolean isOpenerUnknown(SocketRow socket) {
        return openers.isUnknown(socket);
    }

    /** As {@link Openers#isKnown}. */
    boolean knowsOpener(SocketRow socket) {
        return Openers.isKnown(socket);
    }

    /** Connections of the whole namespace that were opened there, rather than accepted. */
    List<SocketRow> opened() {
        return opened.get();
    }

    private List<SocketRow> findOpened() {
        return openers.opened(looks.getLast().byState());
    }

    Openers openers() {
        return openers;
    }

    /** The visible processes that hold a descriptor of it. */
    public List<SocketHolder> holders(SocketRow socket) {
        return last().holders().of(socket.inode());
    }

    /** The processes that hold sockets of the namespace. */
    public Programs programs() {
        return programs;
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
}
