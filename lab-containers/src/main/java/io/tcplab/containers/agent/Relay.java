package io.tcplab.containers.agent;

import io.tcplab.containers.protocol.Frames;
import io.tcplab.containers.protocol.Hello;
import io.tcplab.containers.protocol.MalformedMessage;
import io.tcplab.containers.protocol.MessageReader;
import io.tcplab.containers.protocol.Relayed;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Stands in the agents' network for a lab that isn't in it: takes the agents' connections, and hands on what comes over each,
 * until its lab hangs up. Then the process ends, and with it all connections, by which the agents know.
 */
public final class Relay {
    private static final int BACKLOG = 1024;
    private static final int PIECE_BYTES = 1 << 16;

    private final OutputStream out;
    private final ServerSocket listener;
    private final AtomicInteger last = new AtomicInteger();
    private final Map<Integer, Socket> connections = new ConcurrentHashMap<>();

    private Relay(OutputStream out, ServerSocket listener) {
        this.out = out;
        this.listener = listener;
    }

    /**
     * Relays until the stream from the lab ends.
     *
     * @throws IOException if a stream breaks, or nothing can listen here
     */
    public static void serve(InputStream in, OutputStream out) throws IOException {
        try (ServerSocket listener = new ServerSocket(0, BACKLOG)) {
            Relay relay = new Relay(out, listener);
            relay.tell(new Relayed.Listening(listener.getLocalPort()));
            Thread.ofPlatform().daemon().name("accept").start(relay::accept);
            Optional<byte[]> message = Frames.read(in);
            while (message.isPresent()) {
                relay.take(Relayed.of(message.get()));
                message = Frames.read(in);
            }
        }
    }

    private void take(Relayed message) {
        Socket socket = connections.get(message.connection());
        if (socket == null) {
            return; // it has just ended by itself, and the lab will hear
        }
        try {
            switch (message) {
                case Relayed.Data it -> socket.getOutputStream().write(it.bytes());
                case Relayed.Closed it -> socket.close();
                case Relayed.Listening it -> throw new MalformedMessage("a relay is not told " + it);
                case Relayed.Opened it -> throw new MalformedMessage("a relay is not told " + it);
            }
        } catch (IOException broken) {
            // Its reader finds the same, and tells.
        }
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                int number = last.incrementAndGet();
                Thread.ofPlatform().daemon().name("connection-" + number).start(() -> relay(number, socket));
            } catch (IOException none) {
                // It was gone again before it was accepted, or the relay ends.
            }
        }
    }

    private void relay(int number, Socket socket) {
        String why = "its connection ended";
        try (socket) {
            ControlSockets.keepAlive(socket);
            InputStream in = socket.getInputStream();
            Hello hello = hello(in);
            connections.put(number, socket);
            tell(new Relayed.Opened(number, socket.getInetAddress(), hello));
            byte[] piece = new byte[PIECE_BYTES];
            for (int length = in.read(piece); length >= 0; length = in.read(piece)) {
                tell(Relayed.Data.of(number, Arrays.copyOf(piece, length)));
            }
        } catch (IOException | MalformedMessage broken) {
            why = "its connection broke (" + broken.getMessage() + ")";
        }
        if (connections.remove(number) != null) {
            tellQuietly(new Relayed.Closed(number, why));
        }
    }

    private static Hello hello(InputStream in) throws IOException {
        byte[] message = Frames.read(in).orElseThrow(() -> new EOFException("it said nothing"));
        return Hello.of(new MessageReader(message));
    }

    private void tellQuietly(Relayed message) {
        try {
            tell(message);
        } catch (IOException gone) {
            // The lab has hung up.
        }
    }

    private void tell(Relayed message) throws IOException {
        synchronized (out) {
            out.write(Frames.around(message.toBytes()));
            out.flush();
        }
    }
}
