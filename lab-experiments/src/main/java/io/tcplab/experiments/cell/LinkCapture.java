package io.tcplab.experiments.cell;

import io.tcplab.kernel.capture.Capture;
import io.tcplab.kernel.capture.WireCapture;
import io.tcplab.kernel.wire.Losses;
import io.tcplab.kernel.wire.Wire;

/** A capture of a cell's link to a file, under way. */
public interface LinkCapture {

    /**
     * Ends it, once, before its cell is closed.
     *
     * @return what the file has, and what it lacks
     * @throws io.tcplab.kernel.capture.CaptureException if the file could not be written
     */
    Capture.Summary finish();

    /** Of a plain link: frames go to the file as they come. */
    record OfInterface(Capture capture) implements LinkCapture {
        @Override
        public Capture.Summary finish() {
            return capture.stop();
        }
    }

    /** Of a wire, which keeps its own record: all at the end, since only then is known what became of each segment. */
    record OfWire(WireCapture capture, Wire wire) implements LinkCapture {
        @Override
        public Capture.Summary finish() {
            try (capture) {
                var segments = wire.segments();
                capture.write(segments);
                Losses losses = wire.losses();
                return new Capture.Summary(segments.size(), losses.overrun() + losses.unrecorded());
            }
        }
    }
}
