package io.tcplab.containers.agent;

import io.tcplab.containers.protocol.Call;
import io.tcplab.containers.protocol.MessageWriter;
import io.tcplab.kernel.capture.Capture;
import io.tcplab.kernel.netns.Namespace;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The capture of the container's interface, to a file in the container until the lab fetches it. */
final class CaptureCalls {
    private static final int PIECE_BYTES = 1 << 20;

    private final String interfaceName;
    private Optional<Running> running = Optional.empty();
    private Optional<InputStream> finished = Optional.empty();

    private record Running(Capture capture, Path file) {}

    CaptureCalls(String interfaceName) {
        this.interfaceName = interfaceName;
    }

    synchronized void perform(Call call, MessageWriter out) {
        try {
            switch (call) {
                case START_CAPTURE -> start();
                case FINISH_CAPTURE -> finish(out);
                case READ_CAPTURE -> out.bytes(read());
                default -> throw new IllegalArgumentException(call + " is not a capture's");
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the capture's file in the container", e);
        }
    }

    private void start() throws IOException {
        Path file = Files.createTempFile("capture", ".pcapng");
        running = Optional.of(new Running(Capture.start(Namespace.current(), interfaceName, file), file));
    }

    private void finish(MessageWriter out) throws IOException {
        Running ended = running.orElseThrow(() -> new IllegalArgumentException("there is no capture to finish"));
        running = Optional.empty();
        Capture.Summary summary = ended.capture.stop();
        finished = Optional.of(Files.newInputStream(ended.file));
        out.number(summary.frames()).number(summary.dropped());
    }

    private byte[] read() throws IOException {
        return finished.orElseThrow(() -> new IllegalArgumentException("there is no finished capture"))
                .readNBytes(PIECE_BYTES);
    }
}
