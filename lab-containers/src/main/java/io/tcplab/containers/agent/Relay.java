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
 *
 * <p>Anybody in that network may connect. Who hasn't shown the lab's key is a {@linkplain Strangers stranger}: the lab doesn't hear of it.
 */
public final class Relay {
    private static final int BACKLOG = 1024;
    private static final int PIECE_BYTES = 1 << 16;

    /** Four short texts. */
    private static final int MOST_HELLO_BYTES = 4096;

    private final OutputStream out;
    private final ServerSocket listener;
    private final String key;
    private final Strangers strangers = new Strangers();
    private final AtomicInteger last = new AtomicInteger();
    private final Map<Integer, Socket> connections = new ConcurrentHashMap<>();

    private Relay(OutputStream out, ServerSocket listener, String key) {
        this.out = out;
        this.listener = listener;
        this.key = key;
    }

    /**
     * Relays from when the lab has said for which key, until the stream from it ends.
     *
     * @throws IOException if a stream breaks, or nothing can listen here
     */
    public static void serve(InputStream in, OutputStream out) throws IOException {
        Optional<byte[]> first = Frames.read(in);
        if (first.isEmpty()) {
            return;
        }
        if (!(Relayed.of(first.get()) instanceof Relayed.Listen it)) {
            throw new MalformedMessage("a relay is first to hear for whom it listens");
        }
        try (ServerSocket listener = new ServerSocket(0, BACKLOG)) {
            Relay relay = new Relay(out, listener, it.key());
            relay.tell(new Relayed.Listening(listener.getLocalPort()));
            Thread.ofPlatform().daemon().name("accept").start(relay::accept);
            try {
                relay.takeAll(in);
            } finally {
                relay.connections.values().forEach(Relay::hangUp);
            }
        }
    }

    private void takeAll(InputStream in) throws IOException {
        Optional<byte[]> message = Frames.read(in);
        while (message.isPresent()) {
            take(Relayed.of(message.get()));
            message = Frames.read(in);
        }
    }

    private static void hangUp(Socket socket) {
        try {
            socket.close();
        } catch (IOException gone) {
            // which is what was wanted
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
                case Relayed.Listen it -> throw new MalformedMessage("a relay is not told " + it + " of a connection");
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
                strangers.add(socket);
                Thread.ofVirtual().name("connection-" + number).start(() -> relay(number, socket));
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
            if (!hello.key().equals(key)) {
                return;
            }
            strangers.remove(socket);
            connections.put(number, socket);
            tell(new Relayed.Opened(number, socket.getInetAddress(), hello));
            byte[] piece = new byte[PIECE_BYTES];
            for (int length = in.read(piece); length >= 0; length = in.read(piece)) {
                tell(Relayed.Data.of(number, Arrays.copyOf(piece, length)));
            }
        } catch (IOException | MalformedMessage broken) {
            why = "its connection broke (" + broken.getMessage() + ")";
        } finally {
            strangers.remove(socket);
        }
        if (connections.remove(number) != null) {
            tellQuietly(new Relayed.Closed(number, why));
        }
    }

    private static Hello hello(InputStream in) throws IOException {
        byte[] message = Frames.read(in, MOST_HELLO_BYTES).orElseThrow(() -> new EOFException("it said nothing"));
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
