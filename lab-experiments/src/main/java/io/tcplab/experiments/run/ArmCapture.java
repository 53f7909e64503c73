package io.tcplab.experiments.run;

import io.tcplab.experiments.Arm;
import io.tcplab.experiments.EvidenceMissing;
import io.tcplab.experiments.cell.Cell;
import io.tcplab.experiments.cell.LinkCapture;
import io.tcplab.kernel.capture.Capture;
import io.tcplab.kernel.capture.CaptureException;
import java.util.Optional;

/** The capture of one arm, if one is wanted. If it fails the run goes on: no verdict rests on it. */
final class ArmCapture implements AutoCloseable {
    private Optional<LinkCapture> capture;
    private final PreparedRun run;
    private final Arm arm;
    private final Keep keep;

    private ArmCapture(Optional<LinkCapture> capture, PreparedRun run, Arm arm, Keep keep) {
        this.capture = capture;
        this.run = run;
        this.arm = arm;
        this.keep = keep;
    }

    static ArmCapture start(Keep keep, Cell cell, PreparedRun run, Arm arm) {
        Optional<LinkCapture> capture = Optional.empty();
        try {
            capture = keep.capture(run, arm).map(cell::capture);
        } catch (CaptureException | EvidenceMissing e) {
            keep.captureFailed(run, arm, String.valueOf(e.getMessage()));
        }
        return new ArmCapture(capture, run, arm, keep);
    }

    /** Ends it, before the cell is closed, and tells what is wrong with it. */
    void end() {
        // After Ctrl-C, too, the file gets all there is; and files can't be written by an interrupted thread.
        boolean interrupted = Thread.interrupted();
        capture.ifPresent(this::finish);
        capture = Optional.empty();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        end();
    }

    private void finish(LinkCapture running) {
        try {
            Capture.Summary summary = running.finish();
            if (summary.dropped() > 0) {
                keep.lacks(
                        run,
                        arm,
                        "the capture has %,d frames and lacks %,d more: they came faster than they could be written"
                                .formatted(summary.frames(), summary.dropped()));
            }
        } catch (CaptureException e) {
            keep.captureFailed(run, arm, String.valueOf(e.getMessage()));
        }
    }
}
