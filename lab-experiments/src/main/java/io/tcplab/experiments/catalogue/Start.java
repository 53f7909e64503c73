package io.tcplab.experiments.catalogue;

import io.tcplab.experiments.Trial;

/**
 * When something began that is timed: at some moment between two, which on a busy machine lie apart.
 *
 * @param notYetNanos when it hadn't begun yet, on System.nanoTime
 * @param begunNanos when it had
 */
record Start(long notYetNanos, long begunNanos) {

    /** Begins it. */
    static Start of(Trial.Action action) throws InterruptedException {
        long notYet = System.nanoTime();
        action.run();
        return new Start(notYet, System.nanoTime());
    }

    /** How many seconds it took to begin. */
    double took() {
        return (begunNanos - notYetNanos) / 1e9;
    }

    /** Seconds from before it began until now. */
    double ago() {
        return (System.nanoTime() - notYetNanos) / 1e9;
    }
}
