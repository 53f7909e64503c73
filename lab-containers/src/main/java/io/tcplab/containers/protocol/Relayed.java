package io.tcplab.containers.protocol;

import java.net.InetAddress;
import java.nio.ByteBuffer;

/**
 * What a relay and its lab say to each other. A relay stands in the agents' network, where the lab isn't: it takes their
 * connections, and hands on what comes over each, not knowing what it means.
 */
public sealed interface Relayed {
    /** Which connection; 0 is none. */
    int connection();

    /**
     * The lab's first words: from now on take calls of agents that have this key. A relay whose lab attaches late could have said no word
     * before that would still be heard.
     */
    record Listen(String key) implements Relayed {
        @Override
        public int connection() {
            return 0;
        }
    }

    /** The relay's first words: where agents can call. */
    record Listening(int port) implements Relayed {
        @Override
        public int connection() {
            return 0;
        }
    }

    /** An agent has called, from this address. */
    record Opened(int connection, InetAddress from, Hello hello) implements Relayed {}

    /** Bytes of a connection, in either direction, in pieces that end anywhere. */
    record Data(int connection, ByteBuffer piece) implements Relayed {
        /** Nobody changes the array any more. */
        public static Data of(int connection, byte[] piece) {
            return new Data(connection, ByteBuffer.wrap(piece));
        }

        /** A copy. */
        public byte[] bytes() {
            byte[] bytes = new byte[piece.remaining()];
            piece.duplicate().get(bytes);
            return bytes;
        }
    }

    /** A connection has ended, or is to end. */
    record Closed(int connection, String why) implements Relayed {}

    /** What kind a message is. */
    enum Kind {
        LISTEN,
        LISTENING,
        OPENED,
        DATA,
        CLOSED
    }

    /** As a message. */
    default byte[] toBytes() {
        MessageWriter out = new MessageWriter();
        switch (this) {
            case Listen it -> out.constant(Kind.LISTEN).text(it.key);
            case Listening it -> out.constant(Kind.LISTENING).integer(it.port);
            case Opened it ->
                it.hello.write(out.constant(Kind.OPENED).integer(it.connection).address(it.from));
            case Data it -> out.constant(Kind.DATA).integer(it.connection).bytes(it.bytes());
            case Closed it -> out.constant(Kind.CLOSED).integer(it.connection).text(it.why);
        }
        return out.toBytes();
    }

    /** Reads one; throws {@link MalformedMessage}. */
    static Relayed of(byte[] message) {
        MessageReader in = new MessageReader(message);
        Relayed read = switch (in.constant(Kind.class)) {
            case LISTEN -> new Listen(in.text());
            case LISTENING -> new Listening(in.integer());
            case OPENED -> new Opened(in.integer(), in.address(), Hello.of(in));
            case DATA -> Data.of(in.integer(), in.bytes());
            case CLOSED -> new Closed(in.integer(), in.text());
        };
        in.end();
        return read;
    }
}
