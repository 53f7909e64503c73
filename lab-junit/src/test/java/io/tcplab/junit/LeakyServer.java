package io.tcplab.junit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicBoolean;

/** A user's server: it echoes until EOF, and then forgets to close, or doesn't. */
final class LeakyServer implements AutoCloseable {
    private final ServerSocket listener;
    private final boolean leaks;
    private final List<Socket> accepted = new ArrayList<>();
    private final AtomicBoolean closed = new AtomicBoolean();

    private LeakyServer(ServerSocket listener, boolean leaks) {
        this.listener = listener;
        this.leaks = leaks;
    }

    /** On this host, on any port. */
    static LeakyServer start(TcpHost host, boolean leaks) throws Exception {
        LeakyServer server = new LeakyServer(host.call(() -> new ServerSocket(0)), leaks);
        ThreadFactory threads = host.threadFactory();
        threads.newThread(() -> server.accept(threads)).start();
        return server;
    }

    int port() {
        return listener.getLocalPort();
    }

    private void accept(ThreadFactory threads) {
        while (!closed.get()) {
            try {
                Socket socket = listener.accept();
                keep(socket);
                threads.newThread(() -> echo(socket)).start();
            } catch (IOException e) {
                if (!closed.get()) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }

    private void echo(Socket socket) {
        try {
            socket.getInputStream().transferTo(socket.getOutputStream());
            if (!leaks) {
                socket.close();
            }
        } catch (IOException e) {
            // Closed by the test while it was echoing.
        }
    }

    private synchronized void keep(Socket socket) {
        accepted.add(socket);
    }

    @Override
    public synchronized void close() throws IOException {
        closed.set(true);
        listener.close();
        for (Socket socket : accepted) {
            socket.close();
        }
    }
}
