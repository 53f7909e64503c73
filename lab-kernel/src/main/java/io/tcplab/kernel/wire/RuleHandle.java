package io.tcplab.kernel.wire;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/** A rule on a wire. */
public final class RuleHandle {
    private final Wire wire;
    private final RuleState state;

    RuleHandle(Wire wire, RuleState state) {
        this.wire = wire;
        this.state = state;
    }

    /** The rule. */
    public Rule rule() {
        return state.rule();
    }

    /** How many segments the rule has decided: what it means, in its occurrences, left to it by the rules before. */
    public long matched() {
        return wire.locked(state::matched);
    }

    /** How many segments have come that the rule means, decided by it or not: "the third ACK" has seen two. */
    public long seen() {
        return wire.locked(state::seen);
    }

    /** Whether the rule has decided nothing yet: an experiment that relies on it has no result. */
    public boolean unmatched() {
        return matched() == 0;
    }

    /**
     * Waits until the rule has decided this many segments, of now or of before this call.
     *
     * @return whether it has; false when the time is up
     */
    public boolean awaitMatch(long count, Duration limit) throws InterruptedException {
        return wire.awaitUntil(() -> state.matched() >= count, limit);
    }

    /**
     * Forwards what the rule holds, in its order. It holds no more: later ones are left to the rules behind.
     *
     * @return how many it held
     */
    public int release() {
        AtomicInteger held = new AtomicInteger();
        wire.act(() -> held.set(wire.relay().release(state)));
        return held.get();
    }

    /** Takes the rule off the wire; what it holds is forwarded, what it has delayed comes at its time. */
    public void remove() {
        wire.act(() -> wire.relay().remove(state));
    }

    @Override
    public String toString() {
        return rule() + ": " + matched() + " matched of " + seen() + " seen";
    }
}
