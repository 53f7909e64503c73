package io.tcplab.experiments.run;

import io.tcplab.experiments.Arm;
import io.tcplab.experiments.EvidenceMissing;
import io.tcplab.experiments.cell.Cell;
import io.tcplab.experiments.ladder.LadderRecorder;
import io.tcplab.kernel.KernelException;
import java.util.Optional;
import java.util.OptionalInt;

/** The ladder of one arm, if one is wanted. If there is none to be had the run goes on: no verdict rests on it. */
final class ArmTrace implements AutoCloseable {
    private final Optional<LadderRecorder> recorder;
    private final PreparedRun run;
    private final Arm arm;
    private final Keep keep;

    private ArmTrace(Optional<LadderRecorder> recorder, PreparedRun run, Arm arm, Keep keep) {
        this.recorder = recorder;
        this.run = run;
        this.arm = arm;
        this.keep = keep;
    }

    static ArmTrace start(Keep keep, Cell cell, PreparedRun run, Arm arm) {
        Optional<LadderRecorder> recorder = Optional.empty();
        OptionalInt wanted = keep.trace();
        if (wanted.isPresent()) {
            try {
                recorder = Optional.of(LadderRecorder.start(cell, wanted.getAsInt()));
            } catch (EvidenceMissing | KernelException e) {
                keep.lacks(run, arm, "no ladder: " + e.getMessage());
            }
        }
        return new ArmTrace(recorder, run, arm, keep);
    }

    /** Ends it, before the cell is closed. */
    void end() {
        recorder.ifPresent(running -> keep.ladder(run, arm, running.stop()));
    }

    @Override
    public void close() {
        recorder.ifPresent(LadderRecorder::close);
    }
}
