package io.tcplab.experiments.cell;

import io.tcplab.client.LoadTimings;

/** A load that was started at an instant, and whose distributions can be had whole. */
public interface TimedLoad extends RunningLoad {
    /** When it began, on System.nanoTime's clock of its process. */
    long startedAtNanos();

    /** The distributions so far. */
    LoadTimings timings();
}
