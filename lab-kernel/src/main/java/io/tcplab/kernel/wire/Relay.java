package io.tcplab.kernel.wire;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.function.LongSupplier;

/** Decides what becomes of each frame. No I/O and no clock of its own; guarded by the wire's lock. */
final class Relay {
    private final Outlet outlet;
    private final Tape tape;
    private final LongSupplier clock;
    private final List<RuleState> rules = new ArrayList<>();
    private final PriorityQueue<Due> agenda =
            new PriorityQueue<>(Comparator.comparingLong(Due::atNanos).thenComparingLong(Due::number));
    private final Map<Direction, Deque<Tape.Entry>> behindNext = new EnumMap<>(Direction.class);
    private final Map<Side, Silence> silences = new EnumMap<>(Side.class);
    private long planned;
    private long refused;

    /** Where frames leave the wire. */
    @FunctionalInterface
    interface Outlet {
        /** Gives a frame to the receiver's kernel; returns whether that took it. */
        boolean send(Direction direction, byte[] frame);
    }

    /** What is to be done at a time; the number keeps the order of what is due at once. */
    private record Due(long atNanos, long number, Runnable task) {}

    /**
     * A host is not there. What its kernel sent before the end, and we read only afterwards, is silenced as well:
     * frames bear the time at which the sender's veth handed them over (net.core.netdev_tstamp_prequeue,
     * netif_rx_internal() in net/core/dev.c).
     *
     * @param endNanos {@link Long#MAX_VALUE} as long as it lasts
     */
    private record Silence(long endNanos) {
        static final Silence NONE = new Silence(Long.MIN_VALUE);
        static final Silence LASTING = new Silence(Long.MAX_VALUE);

        boolean covers(long atNanos) {
            return atNanos < endNanos;
        }

        boolean lasts() {
            return endNanos == Long.MAX_VALUE;
        }
    }

    Relay(Outlet outlet, Tape tape, LongSupplier clock) {
        this.outlet = outlet;
        this.tape = tape;
        this.clock = clock;
    }

    /** A frame that is no TCP segment passes, unless a host is silenced. */
    void other(Direction direction, long atNanos, byte[] frame) {
        if (!silenceOf(direction.from()).covers(atNanos)
                && !silenceOf(direction.to()).lasts()) {
            give(direction, frame);
        }
    }

    /** A segment came onto the wire. */
    void arrived(Direction direction, long atNanos, Segment segment) {
        Tape.Entry entry = tape.add(atNanos, direction, segment);
        if (silenceOf(direction.from()).covers(atNanos)) {
            entry.verdict(Verdict.SILENCED);
            return;
        }
        RuleState decisive = null;
        for (RuleState rule : rules) {
            // Each one counts all that it means, so that no rule changes another one's "nth".
            if (rule.claims(direction, segment) && decisive == null) {
                decisive = rule;
            }
        }
        if (decisive == null) {
            forward(entry);
        } else {
            decisive.countMatch();
            decide(decisive, entry);
        }
    }

    /** Puts a segment onto the wire that no host has sent; rules don't see it. */
    void inject(Direction direction, Segment segment) {
        Tape.Entry entry = tape.add(clock.getAsLong(), direction, segment);
        entry.verdict(Verdict.INJECTED);
        forward(entry);
    }

    /** When there is something to do without a frame coming; {@link Long#MAX_VALUE} for never. */
    long nextDueNanos() {
        Due next = agenda.peek();
        return next == null ? Long.MAX_VALUE : next.atNanos();
    }

    /** Does what is due. */
    void runDue() {
        long now = clock.getAsLong();
        for (Due next = agenda.peek(); next != null && next.atNanos() <= now; next = agenda.peek()) {
            agenda.remove();
            next.task().run();
        }
    }

    void add(RuleState rule) {
        rules.add(rule);
    }

    /** Forwards what the rule holds, in its order; it holds no more. */
    int release(RuleState rule) {
        rule.release();
        int count = rule.held().size();
        while (!rule.held().isEmpty()) {
            forward(rule.held().remove());
        }
        return count;
    }

    void remove(RuleState rule) {
        release(rule);
        rules.remove(rule);
    }

    void silence(Side side) {
        silences.put(side, Silence.LASTING);
    }

    /** Ends a silence; without one, nothing that is under way may be lost. */
    void comeBack(Side side) {
        if (silenceOf(side).lasts()) {
            silences.put(side, new Silence(clock.getAsLong()));
        }
    }

    /** How many frames the outlet did not take. */
    long refused() {
        return refused;
    }

    private Silence silenceOf(Side side) {
        return silences.getOrDefault(side, Silence.NONE);
    }

    private void decide(RuleState state, Tape.Entry entry) {
        Rule rule = state.rule();
        switch (rule.action()) {
            case Action.Pass pass -> forward(entry);
            case Action.Drop drop -> entry.verdict(verdict(Verdict.Kind.DROPPED, rule));
            case Action.Lose lose -> entry.verdict(verdict(Verdict.Kind.DROPPED, rule));
            case Action.Delay delay -> {
                entry.verdict(verdict(Verdict.Kind.DELAYED, rule));
                plan(entry.atNanos() + delay.by().toNanos(), () -> forward(entry));
            }
            case Action.Hold hold -> {
                entry.verdict(verdict(Verdict.Kind.HELD, rule));
                state.held().add(entry);
            }
            case Action.Duplicate duplicate -> {
                entry.verdict(verdict(Verdict.Kind.DUPLICATED, rule));
                forward(entry);
                copy(entry, rule);
            }
            case Action.Reorder swap -> reorder(entry, rule);
            case Action.Replay replay -> {
                entry.verdict(verdict(Verdict.Kind.REPLAYED, rule));
                forward(entry);
                plan(entry.atNanos() + replay.later().toNanos(), () -> copy(entry, rule));
            }
        }
    }

    private void reorder(Tape.Entry entry, Rule rule) {
        Deque<Tape.Entry> waiting = behindNext(entry.direction());
        if (waiting.isEmpty()) {
            entry.verdict(verdict(Verdict.Kind.REORDERED, rule));
            waiting.add(entry);
        } else {
            forward(entry);
        }
    }

    private void copy(Tape.Entry original, Rule rule) {
        Tape.Entry copy = tape.add(clock.getAsLong(), original.direction(), original.segment());
        copy.verdict(verdict(Verdict.Kind.COPIED, rule));
        forward(copy);
    }

    private void forward(Tape.Entry entry) {
        if (silenceOf(entry.direction().to()).lasts()) {
            entry.verdict(Verdict.SILENCED);
            return;
        }
        // Before it is given: the receiver's kernel acts on it, and perhaps answers, while it is being sent.
        long leaving = clock.getAsLong();
        if (give(entry.direction(), entry.segment().bytes())) {
            entry.left(leaving);
        }
        Tape.Entry waiting = behindNext(entry.direction()).poll();
        if (waiting != null) {
            forward(waiting);
        }
    }

    private boolean give(Direction direction, byte[] frame) {
        boolean taken = outlet.send(direction, frame);
        if (!taken) {
            refused++;
        }
        return taken;
    }

    private Deque<Tape.Entry> behindNext(Direction direction) {
        return behindNext.computeIfAbsent(direction, way -> new ArrayDeque<>());
    }

    private void plan(long atNanos, Runnable task) {
        agenda.add(new Due(atNanos, planned++, task));
    }

    private static Verdict verdict(Verdict.Kind kind, Rule rule) {
        return new Verdict(kind, rule.name());
    }
}
