package io.tcplab.experiments.catalogue;

import io.tcplab.experiments.cell.Host;
import io.tcplab.kernel.calls.CallResult;
import io.tcplab.kernel.calls.Socket;
import java.util.ArrayList;
import java.util.List;

/** How far read() gets on one connection: this many bytes, then EOF or an error's name. */
record Reading(long bytes, String end) {
    static final String EOF = "EOF";

    private static final int BUFFER = 65_536;

    /** Reads until there is no more. */
    static Reading toEnd(Socket socket) throws InterruptedException {
        long bytes = 0;
        while (true) {
            CallResult<byte[]> part = socket.receive(BUFFER, Host.SOON);
            if (!part.ok()) {
                return new Reading(bytes, part.name());
            }
            int length = part.orThrow("receive").length;
            if (length == 0) {
                return new Reading(bytes, EOF);
            }
            bytes += length;
        }
    }

    /** Reads each to its end, and closes it. */
    static List<Reading> toEnd(List<Socket> sockets) throws InterruptedException {
        List<Reading> readings = new ArrayList<>();
        for (Socket socket : sockets) {
            readings.add(toEnd(socket));
            socket.close();
        }
        return readings;
    }

    /**
     * Reads this many bytes.
     *
     * @return as many
     * @throws IllegalStateException if the stream ends before
     */
    static int exactly(int bytes, Socket socket) throws InterruptedException {
        for (int read = 0; read < bytes; ) {
            int part = socket.receive(bytes - read, Host.SOON).orThrow("receive").length;
            if (part == 0) {
                throw new IllegalStateException("the stream ended after %d of %d bytes".formatted(read, bytes));
            }
            read += part;
        }
        return bytes;
    }
}
