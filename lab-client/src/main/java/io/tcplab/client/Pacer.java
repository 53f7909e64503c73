package io.tcplab.client;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Says when a loop's next operation starts, and how late it is, and why. It knows no clock: times are given to it, in
 * nanoseconds since the plan's start. Only the loop calls it, except where said.
 *
 * <p>An operation that finds no place under the cap is the plan's doing (its latency grows from the intended time, and it is
 * counted as delayed); one that starts late though it had a place is the generator's ({@link #lag}).
 */
final class Pacer {
    /** What to do now. */
    enum Step {
        /** Start an operation: {@link #take}. */
        START,
        /** None is due before {@link #next}. */
        WAIT,
        /** One is due, but the cap is reached: ask again when a place is given back. */
        NO_PLACE,
        /** No further operation starts. */
        ENDED
    }

    private final Schedule schedule;
    private final long limit;
    private final long end;
    private final AtomicLong taken = new AtomicLong();
    private int places;
    private long placeSince = Long.MIN_VALUE;
    private boolean blocked;
    private volatile boolean ended;

    /** @param places how many operations may be under way at a time */
    Pacer(Schedule schedule, int places) {
        this.schedule = schedule;
        this.limit = schedule.limit();
        this.end = schedule.end();
        this.places = places;
    }

    /** What to do at this time. */
    Step step(long now) {
        boolean over = now >= end && (places == 0 || !schedule.open());
        if (ended || over || taken.get() >= limit) {
            return Step.ENDED;
        }
        if (next(now) > now) {
            return Step.WAIT;
        }
        blocked = places == 0;
        return blocked ? Step.NO_PLACE : Step.START;
    }

    /** When the next operation is meant to start; without a schedule, now. */
    long next(long now) {
        return schedule.open() ? schedule.time(taken.get()) : now;
    }

    /** Whether the next operation had to wait for a place. */
    boolean delayed(long now) {
        return next(now) < placeSince;
    }

    /** By how much the generator itself is late with the next operation. */
    long lag(long now) {
        return now - Math.max(next(now), placeSince);
    }

    /** Starts the next operation: it takes a place. */
    void take() {
        taken.incrementAndGet();
        places--;
    }

    /** Returns a place; says whether an operation was waiting for it. */
    boolean placeFreed(long now) {
        places++;
        boolean waited = blocked;
        if (waited) {
            blocked = false;
            placeSince = now;
        }
        return waited;
    }

    /** Starts nothing from now on; returns how many operations were due and never started. Safe to call again. */
    long end(long now) {
        long abandoned = ended ? 0 : intended(now) - taken.get();
        taken.addAndGet(abandoned);
        ended = true;
        return abandoned;
    }

    /** Whether {@link #end} was called. */
    boolean ended() {
        return ended;
    }

    /** How many operations have started, or were given up before they could. From any thread. */
    long taken() {
        return taken.get();
    }

    /** How many operations' time has come. From any thread. */
    long intended(long now) {
        return ended || !schedule.open() ? taken.get() : Math.max(taken.get(), schedule.due(Math.min(now, end)));
    }
}
