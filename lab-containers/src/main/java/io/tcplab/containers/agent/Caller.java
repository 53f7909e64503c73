package io.tcplab.containers.agent;

import io.tcplab.containers.protocol.Frames;
import io.tcplab.containers.protocol.Hello;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** An agent that calls its lab's relay, and serves it over that connection until it ends, or until a deadline. */
public final class Caller {
    /** A network of several machines knows a new container some moments after that has started. */
    private static final Duration CALLING = Duration.ofSeconds(30);

    private static final Duration AGAIN = Duration.ofMillis(100);
    private static final int CONNECT_MILLIS = 2_000;

    private Caller() {}

    /**
     * Calls and serves; returns when the connection has ended.
     *
     * @param lifetime after which the connection is closed, whatever is under way
     * @param trials what it can run for the lab
     * @throws IOException if nobody answers for half a minute, or the connection breaks
     */
    public static void serve(InetSocketAddress relay, Hello hello, String version, Duration lifetime, Trials trials)
            throws IOException {
        try (Socket socket = connect(relay);
                InputStream in = socket.getInputStream();
                OutputStream out = new BufferedOutputStream(socket.getOutputStream())) {
            CompletableFuture.delayedExecutor(lifetime.toNanos(), TimeUnit.NANOSECONDS)
                    .execute(() -> hangUp(socket));
            out.write(Frames.around(hello.toBytes()));
            Agent.serve(in, out, version, trials);
        }
    }

    private static Socket connect(InetSocketAddress relay) throws IOException {
        long deadline = System.nanoTime() + CALLING.toNanos();
        while (true) {
            Socket socket = new Socket();
            try {
                socket.connect(relay, CONNECT_MILLIS);
                ControlSockets.keepAlive(socket);
                return socket;
            } catch (IOException e) {
                socket.close();
                if (System.nanoTime() > deadline) {
                    throw e;
                }
                LockSupport.parkNanos(AGAIN.toNanos());
            }
        }
    }

    private static void hangUp(Socket socket) {
        try {
            socket.close();
        } catch (IOException alreadyGone) {
            // which is what was wanted
        }
    }
}
