package io.tcplab.containers;

import io.tcplab.containers.protocol.Call;
import io.tcplab.containers.protocol.MessageReader;
import io.tcplab.experiments.EvidenceMissing;
import io.tcplab.experiments.cell.LinkCapture;
import io.tcplab.kernel.capture.Capture;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** A capture that the agent takes inside its container, and that is fetched when it ends. */
record RemoteCapture(AgentLink link, Path file) implements LinkCapture {
    static RemoteCapture start(AgentLink link, Path file) {
        link.tell(Call.START_CAPTURE, nothing -> {});
        return new RemoteCapture(link, file);
    }

    @Override
    public Capture.Summary finish() {
        Capture.Summary summary =
                link.ask(Call.FINISH_CAPTURE, answer -> new Capture.Summary(answer.number(), answer.number()));
        try (OutputStream out = Files.newOutputStream(file)) {
            byte[] piece = link.ask(Call.READ_CAPTURE, MessageReader::bytes);
            while (piece.length > 0) {
                out.write(piece);
                piece = link.ask(Call.READ_CAPTURE, MessageReader::bytes);
            }
        } catch (IOException e) {
            throw new EvidenceMissing("can't write the capture to " + file + ": " + e, e);
        }
        return summary;
    }
}
