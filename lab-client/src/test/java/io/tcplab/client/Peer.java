package io.tcplab.client;

import io.tcplab.kernel.netns.Namespace;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** A plain blocking server on 127.0.0.1, with a thread for each connection, that does what a test tells it to. */
final class Peer implements AutoCloseable {
    private static final int BACKLOG = 4096;

    /**
     * Below the ports which the kernel gives to clients (ip_local_port_range): a listener on one of those takes it away
     * from every client in its namespace, and a client may be given the port of one that has gone, and connect to itself.
     */
    private static final AtomicInteger NEXT_PORT = new AtomicInteger(20_001);

    /** What to do with a connection, which is closed when this returns. */
    interface Conduct {
        void serve(Socket connection) throws IOException;
    }

    private final ServerSocket listener;
    private final Conduct conduct;
    private final CompletableFuture<Void> accepting;
    private final AtomicLong accepted = new AtomicLong();
    private final AtomicLong served = new AtomicLong();
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private final ConcurrentHashMap<Socket, Boolean> open = new ConcurrentHashMap<>();

    private Peer(ServerSocket listener, Conduct conduct) {
        this.listener = listener;
        this.conduct = conduct;
        this.accepting = CompletableFuture.runAsync(
                this::accept, task -> Thread.ofVirtual().start(task));
    }

    /** Listens and serves. */
    static Peer serve(Namespace namespace, Conduct conduct) {
        return serve(namespace, NEXT_PORT.getAndIncrement(), conduct);
    }

    /** Listens on this port and serves. */
    static Peer serve(Namespace namespace, int port, Conduct conduct) {
        return new Peer(listen(namespace, port, BACKLOG), conduct);
    }

    /** Listens and never accepts. */
    static ServerSocket listen(Namespace namespace, int backlog) {
        return listen(namespace, NEXT_PORT.getAndIncrement(), backlog);
    }

    private static ServerSocket listen(Namespace namespace, int port, int backlog) {
        return namespace.call(() -> new ServerSocket(port, backlog, InetAddress.getLoopbackAddress()));
    }

    /** Sends back what comes, until the client's FIN. */
    static Conduct echo() {
        return connection -> connection.getInputStream().transferTo(connection.getOutputStream());
    }

    /** Sends the first bytes back and closes. */
    static Conduct echoOnly(int bytes) {
        return connection ->
                connection.getOutputStream().write(connection.getInputStream().readNBytes(bytes));
    }

    /** Reads until the client's FIN and answers nothing. */
    static Conduct silence() {
        return connection -> connection.getInputStream().readAllBytes();
    }

    /** Reads until the client's FIN, and then sends. */
    static Conduct answerAfterFin(int bytes) {
        return connection -> {
            connection.getInputStream().readAllBytes();
            connection.getOutputStream().write(new byte[bytes]);
        };
    }

    /** Does as {@code then}, but not before the latch is open. */
    static Conduct behind(CountDownLatch latch, Conduct then) {
        return connection -> {
            try {
                latch.await();
            } catch (InterruptedException closed) {
                throw new IOException(closed);
            }
            then.serve(connection);
        };
    }

    /** Reads the request, sends some bytes, and resets the connection once {@code latch} is open. */
    static Conduct reset(int request, int answer, CountDownLatch latch) {
        return behind(latch, connection -> {
            connection.getInputStream().readNBytes(request);
            connection.getOutputStream().write(new byte[answer]);
            connection.setSoLinger(true, 0);
        });
    }

    InetSocketAddress address() {
        return (InetSocketAddress) listener.getLocalSocketAddress();
    }

    int port() {
        return listener.getLocalPort();
    }

    /** Connections accepted so far. */
    long accepted() {
        return accepted.get();
    }

    /** Connections served to the end of the conduct, without an exception. */
    long served() {
        return served.get();
    }

    /** What serving the other ones ended with. */
    List<String> failures() {
        return List.copyOf(failures);
    }

    private void accept() {
        try {
            while (true) {
                Socket connection = listener.accept();
                open.put(connection, true);
                accepted.incrementAndGet();
                Thread.ofVirtual().start(() -> serve(connection));
            }
        } catch (IOException closed) {
            open.keySet().forEach(this::close);
        }
    }

    private void serve(Socket connection) {
        try (connection) {
            conduct.serve(connection);
            served.incrementAndGet();
        } catch (IOException failure) {
            failures.add(String.valueOf(failure.getMessage()));
        } finally {
            open.remove(connection);
        }
    }

    private void close(Socket connection) {
        try {
            connection.close();
        } catch (IOException failure) {
            failures.add(String.valueOf(failure.getMessage()));
        }
    }

    /** Returns when nobody listens any more: Java leaves the closing of a socket to the thread that waits for it. */
    @Override
    public void close() throws IOException {
        listener.close();
        accepting.join();
    }
}
