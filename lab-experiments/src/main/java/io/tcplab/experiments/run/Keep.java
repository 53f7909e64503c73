package io.tcplab.experiments.run;

import io.tcplab.experiments.Arm;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What is to be kept of runs beside what their verdicts need; no verdict rests on it. Called from the arms' own threads,
 * several at a time.
 */
public interface Keep {

    /** The file to which an arm's link is captured, as pcapng; empty for none. */
    default Optional<Path> capture(PreparedRun run, Arm arm) {
        return Optional.empty();
    }

    /** An arm's capture has ended, but lacks something; the message tells how much. */
    default void captureLacks(PreparedRun run, Arm arm, String message) {}

    /** An arm's capture could not be written, or not to its end; the message names the file. The run itself went on. */
    default void captureFailed(PreparedRun run, Arm arm, String message) {}

    /** Nothing. */
    static Keep nothing() {
        return new Keep() {};
    }
}
