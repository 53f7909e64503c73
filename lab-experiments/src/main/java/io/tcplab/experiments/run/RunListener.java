package io.tcplab.experiments.run;

import io.tcplab.experiments.Arm;
import io.tcplab.experiments.cell.Cell;

/** Hears how runs go on. Called from the runs' own threads, several at a time. */
public interface RunListener {

    /** A run begins. */
    default void started(PreparedRun run) {}

    /** An arm of a run has its cell, which it closes some time after the last sample. */
    default void opened(PreparedRun run, Arm arm, Cell cell) {}

    /** The sockets of an arm's host have changed. Called between looks: whoever takes long here makes them rarer. */
    default void sampled(PreparedRun run, Arm arm, Timeline.Sample sample) {}

    /** An arm of a run takes its next step. */
    default void step(PreparedRun run, Arm arm, String what) {}

    /** A run has ended, well or not. */
    default void finished(PreparedRun run, RunResult result) {}
}
