package io.tcplab.kernel.wire;

import java.time.Duration;

/**
 * Something that the wire does to some of the segments.
 *
 * @param name how records and captures call it: {@code final ACK lost}
 */
public record Rule(String name, Match match, Action action) {

    /** Forwards them whatever the rules behind say. */
    public static Rule pass(String name, Match match) {
        return new Rule(name, match, new Action.Pass());
    }

    /** Forwards them later. */
    public static Rule delay(String name, Match match, Duration by) {
        return new Rule(name, match, new Action.Delay(by));
    }

    /** Loses them. */
    public static Rule drop(String name, Match match) {
        return new Rule(name, match, new Action.Drop());
    }

    /** Loses some of them, the same ones for the same seed. */
    public static Rule lose(String name, Match match, double probability, long seed) {
        return new Rule(name, match, new Action.Lose(probability, seed));
    }

    /** Keeps them until the rule is released. */
    public static Rule hold(String name, Match match) {
        return new Rule(name, match, new Action.Hold());
    }

    /** Forwards each twice. */
    public static Rule duplicate(String name, Match match) {
        return new Rule(name, match, new Action.Duplicate());
    }

    /** Forwards each behind the next. */
    public static Rule reorder(String name, Match match) {
        return new Rule(name, match, new Action.Reorder());
    }

    /** Forwards each, and a copy of it later. */
    public static Rule replay(String name, Match match, Duration later) {
        return new Rule(name, match, new Action.Replay(later));
    }

    @Override
    public String toString() {
        return "'" + name + "' (" + action + ": " + match + ")";
    }
}
