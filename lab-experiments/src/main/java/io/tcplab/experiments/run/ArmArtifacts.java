package io.tcplab.experiments.run;

import io.tcplab.experiments.Arm;
import io.tcplab.experiments.EvidenceMissing;
import io.tcplab.experiments.cell.Cell;
import io.tcplab.experiments.cell.LinkCapture;
import io.tcplab.experiments.ladder.LadderRecorder;
import io.tcplab.kernel.KernelException;
import io.tcplab.kernel.capture.Capture;
import io.tcplab.kernel.capture.CaptureException;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What is kept of one arm, if it is wanted: the capture of its link, and the ladder of a connection. If one of them fails
 * the run goes on: no verdict depends on it.
 */
final class ArmArtifacts implements AutoCloseable {
    private final ArtifactSink sink;
    private final PreparedRun run;
    private final Arm arm;
    private Optional<LinkCapture> capture = Optional.empty();
    private Optional<LadderRecorder> ladder = Optional.empty();

    private ArmArtifacts(ArtifactSink sink, PreparedRun run, Arm arm) {
        this.sink = sink;
        this.run = run;
        this.arm = arm;
    }

    static ArmArtifacts start(ArtifactSink sink, Cell cell, PreparedRun run, Arm arm) {
        ArmArtifacts artifacts = new ArmArtifacts(sink, run, arm);
        try {
            artifacts.startCapture(cell);
            artifacts.startLadder(cell);
        } catch (RuntimeException e) {
            artifacts.close();
            throw e;
        }
        return artifacts;
    }

    private void startCapture(Cell cell) {
        try {
            capture = sink.capture(run, arm).map(cell::capture);
        } catch (CaptureException | EvidenceMissing e) {
            sink.captureFailed(run, arm, String.valueOf(e.getMessage()));
        }
    }

    private void startLadder(Cell cell) {
        OptionalInt wanted = sink.trace();
        if (wanted.isPresent()) {
            try {
                ladder = Optional.of(LadderRecorder.start(cell, wanted.getAsInt()));
            } catch (EvidenceMissing | KernelException e) {
                sink.lacks(run, arm, "no ladder: " + e.getMessage());
            }
        }
    }

    /** Ends them, before the cell is closed, and tells what is wrong with them. */
    void end() {
        ladder.ifPresent(running -> sink.ladder(run, arm, running.stop()));
        endCapture();
    }

    @Override
    public void close() {
        try {
            ladder.ifPresent(LadderRecorder::close);
        } finally {
            endCapture();
        }
    }

    private void endCapture() {
        // After Ctrl-C, too, the file gets all there is; and files can't be written by an interrupted thread.
        boolean interrupted = Thread.interrupted();
        capture.ifPresent(this::finish);
        capture = Optional.empty();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void finish(LinkCapture running) {
        try {
            Capture.Summary summary = running.finish();
            if (summary.dropped() > 0) {
                sink.lacks(
                        run,
                        arm,
                        "the capture has %,d frames and lacks %,d: they arrived faster than they could be written"
                                .formatted(summary.frames(), summary.dropped()));
            }
        } catch (CaptureException e) {
            sink.captureFailed(run, arm, String.valueOf(e.getMessage()));
        }
    }
}
