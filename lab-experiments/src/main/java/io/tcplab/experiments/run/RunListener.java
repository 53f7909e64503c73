package io.tcplab.experiments.run;

import io.tcplab.experiments.Arm;

/** Hears how runs go on. Called from the runs' own threads, several at a time. */
public interface RunListener {

    /** A run begins. */
    default void started(PreparedRun run) {}

    /** An arm of a run takes its next step. */
    default void step(PreparedRun run, Arm arm, String what) {}

    /** A run has ended, well or not. */
    default void finished(PreparedRun run, RunResult result) {}
}
