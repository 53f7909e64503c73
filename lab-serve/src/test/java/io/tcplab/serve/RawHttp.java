package io.tcplab.serve;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** A client that sends what a browser wouldn't. */
final class RawHttp implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Socket socket = new Socket();

    private RawHttp(InetSocketAddress server, int receiveBuffer) throws IOException {
        if (receiveBuffer > 0) {
            socket.setReceiveBufferSize(receiveBuffer);
        }
        socket.setSoTimeout(Math.toIntExact(PATIENCE.toMillis()));
        socket.connect(server);
    }

    static RawHttp to(InetSocketAddress server) throws IOException {
        return new RawHttp(server, 0);
    }

    /** One whose kernel takes little that isn't read. */
    static RawHttp narrow(InetSocketAddress server) throws IOException {
        return new RawHttp(server, 4096);
    }

    RawHttp send(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
        return this;
    }

    /** All until the server closes. */
    String rest() throws IOException {
        return new String(in().readAllBytes(), StandardCharsets.UTF_8);
    }

    /** The next bytes, at least one; empty at the end. */
    String some() throws IOException {
        byte[] buffer = new byte[1 << 16];
        int read = in().read(buffer);
        return read < 0 ? "" : new String(buffer, 0, read, StandardCharsets.UTF_8);
    }

    String until(String text) throws IOException {
        StringBuilder all = new StringBuilder();
        while (all.indexOf(text) < 0) {
            String more = some();
            if (more.isEmpty()) {
                throw new IOException("the server closed after: " + all);
            }
            all.append(more);
        }
        return all.toString();
    }

    /** Whether the server has closed, orderly or not, without another word. */
    boolean isCutOff() throws IOException {
        try {
            return in().read() < 0;
        } catch (SocketTimeoutException silent) {
            return false;
        } catch (SocketException reset) {
            return true;
        }
    }

    private InputStream in() throws IOException {
        return socket.getInputStream();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
