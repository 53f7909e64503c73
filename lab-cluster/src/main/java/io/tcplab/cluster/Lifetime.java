package io.tcplab.cluster;

import java.time.Duration;

/**
 * After which tasks end by themselves, whatever is under way: if the machine of their relay is gone, nobody tells them.
 *
 * @param most from the task's start
 */
public record Lifetime(Duration most) {
    /** Images, JVMs and networks take their time. */
    private static final Duration STARTING = Duration.ofMinutes(5);

    /** For a storm of that plan. */
    public static Lifetime of(StormPlan plan) {
        return new Lifetime(plan.most().multipliedBy(2).plus(STARTING));
    }

    /** For work that takes about that long; a trial may be repeated, and a machine be slower than the one that has planned it. */
    public static Lifetime of(Duration about) {
        return new Lifetime(about.multipliedBy(4).plus(STARTING));
    }

    /** In seconds, as {@code lab agent --lifetime} takes it. */
    public String text() {
        return most.toSeconds() + "s";
    }
}
