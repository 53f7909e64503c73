package io.tcplab.compare.run;

import java.util.List;

/** Hears how a comparison goes on. Called from the runs' own threads, several at a time. */
public interface CompareListener {

    /** A run begins, for the first time or again. */
    default void started(PlannedRun run) {}

    /** A run takes its next step. */
    default void step(PlannedRun run, String what) {}

    /** A run lacks evidence, and is repeated. */
    default void repeated(PlannedRun run, String problem) {}

    /** A run has ended, for good. */
    default void ended(PlannedRun run, List<String> problems) {}
}
