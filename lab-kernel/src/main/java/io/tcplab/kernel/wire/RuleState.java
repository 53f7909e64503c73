package io.tcplab.kernel.wire;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Map;

/** A rule at work: its counts and what it holds. Guarded by the wire's lock. */
final class RuleState {
    private final Rule rule;
    private final Deque<Tape.Entry> held = new ArrayDeque<>();
    private final Map<Direction, Long> seen = new EnumMap<>(Direction.class);
    private long matched;
    private boolean released;

    RuleState(Rule rule) {
        this.rule = rule;
    }

    Rule rule() {
        return rule;
    }

    /** How many segments it means, first to last occurrence or not, have come. */
    long seen() {
        return seen.values().stream().mapToLong(Long::longValue).sum();
    }

    /** How many segments it has decided. */
    long matched() {
        return matched;
    }

    void countMatch() {
        matched++;
    }

    Deque<Tape.Entry> held() {
        return held;
    }

    boolean released() {
        return released;
    }

    void release() {
        released = true;
    }

    /** Counts the segment if the rule means it; returns whether the rule is to decide it. */
    boolean claims(Direction direction, Segment segment) {
        if (!rule.match().covers(direction, segment)) {
            return false;
        }
        long number = seen.merge(direction, 1L, Long::sum);
        return rule.match().occurrences().contains(seen())
                && !(rule.action() instanceof Action.Lose lose && !lose.loses(direction, number))
                && !(rule.action() instanceof Action.Hold && released);
    }
}
