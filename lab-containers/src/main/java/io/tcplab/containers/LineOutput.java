package io.tcplab.containers;

import java.io.OutputStream;
import java.util.Arrays;

/** What is written to it arrives on a line. */
public final class LineOutput extends OutputStream {
    private final AttachedContainer.Line line;

    /** Writes to this line. */
    public LineOutput(AttachedContainer.Line line) {
        this.line = line;
    }

    @Override
    public void write(int one) {
        line.arrived(new byte[] {(byte) one});
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
        line.arrived(Arrays.copyOfRange(bytes, offset, offset + length));
    }
}
