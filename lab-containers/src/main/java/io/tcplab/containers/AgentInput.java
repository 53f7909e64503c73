package io.tcplab.containers;

import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** Bytes for a container's standard input, read by docker-java's thread as soon as they are there. One thread reads. */
final class AgentInput extends InputStream {
    private static final byte[] END = {};

    private final BlockingQueue<byte[]> pieces = new LinkedBlockingQueue<>();
    private byte[] piece = {0};
    private int at = 1;

    /** Doesn't block. */
    void add(byte[] bytes) {
        if (bytes.length > 0) {
            pieces.add(bytes);
        }
    }

    /** Nothing more is added. */
    @Override
    public void close() {
        pieces.add(END);
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int most) throws IOException {
        if (most == 0) {
            return 0;
        }
        if (at == piece.length && piece.length > 0) {
            piece = next();
            at = 0;
        }
        if (piece.length == 0) {
            return -1;
        }
        int taken = Math.min(most, piece.length - at);
        System.arraycopy(piece, at, buffer, offset, taken);
        at += taken;
        return taken;
    }

    private byte[] next() throws IOException {
        try {
            return pieces.take();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for something to send", e);
        }
    }
}
