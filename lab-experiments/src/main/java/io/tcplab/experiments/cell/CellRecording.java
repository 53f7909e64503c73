package io.tcplab.experiments.cell;

import io.tcplab.experiments.EvidenceMissing;
import io.tcplab.kernel.transitions.Recording;
import io.tcplab.kernel.transitions.TransitionRecorder;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The recording of a cell's state changes, or the reason why there is none. */
public final class CellRecording implements AutoCloseable {
    private final Optional<TransitionRecorder> recorder;
    private final String reason;
    private Optional<Recording> ended = Optional.empty();

    private CellRecording(Optional<TransitionRecorder> recorder, String reason) {
        this.recorder = recorder;
        this.reason = reason;
    }

    /**
     * Begins to record, if wanted and if this user may.
     *
     * @param clientAddresses tell the cell's connections from all others
     */
    public static CellRecording start(boolean wanted, List<InetAddress> clientAddresses) {
        if (!wanted) {
            return none("this experiment records no state changes");
        }
        return TransitionRecorder.unavailable()
                .map(CellRecording::none)
                .orElseGet(() ->
                        new CellRecording(Optional.of(TransitionRecorder.start(Set.copyOf(clientAddresses))), ""));
    }

    /** There is none, for this reason. */
    public static CellRecording none(String reason) {
        return new CellRecording(Optional.empty(), reason);
    }

    /**
     * Ends the recording, the first time, and gives what there is of it.
     *
     * @throws EvidenceMissing if there is none
     */
    public synchronized Recording recording() {
        TransitionRecorder running = recorder.orElseThrow(() -> new EvidenceMissing(reason));
        Recording recording = ended.orElseGet(running::stop);
        ended = Optional.of(recording);
        return recording;
    }

    @Override
    public void close() {
        recorder.ifPresent(TransitionRecorder::close);
    }
}
