package io.tcplab.experiments.run;

import io.tcplab.experiments.Arm;
import io.tcplab.experiments.ladder.Ladder;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What is to be kept of runs beside what their verdicts need; no verdict depends on it. Called from the arms' own threads,
 * several at a time.
 */
public interface ArtifactSink {

    /** The file to which an arm's link is captured, as pcapng; empty for none. */
    default Optional<Path> capture(PreparedRun run, Arm arm) {
        return Optional.empty();
    }

    /** Which connection of each arm is to be followed, in the order of their first SYNs, from 1; empty for none. */
    default OptionalInt trace() {
        return OptionalInt.empty();
    }

    /** What was seen of the connection that was followed in an arm. */
    default void ladder(PreparedRun run, Arm arm, Ladder ladder) {}

    /** A file of an arm has a gap or is missing; the message says which and why. */
    default void lacks(PreparedRun run, Arm arm, String message) {}

    /** An arm's capture could not be written, or not to its end; the message names the file. The run itself went on. */
    default void captureFailed(PreparedRun run, Arm arm, String message) {}

    /** Nothing. */
    static ArtifactSink none() {
        return new ArtifactSink() {};
    }
}
