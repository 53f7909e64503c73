package io.tcplab.containers.protocol;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.function.Consumer;

/** A frame is the length of what follows, four bytes, the highest first, and then this many bytes. */
public final class Frames {
    /** The most that a frame carries: a census of some 200,000 sockets. */
    public static final int MOST_BYTES = 64 << 20;

    private Frames() {}

    /** The frame around a message; throws {@link MalformedMessage} if that is too long. */
    public static byte[] around(byte[] message) {
        require(message.length);
        return ByteBuffer.allocate(Integer.BYTES + message.length)
                .putInt(message.length)
                .put(message)
                .array();
    }

    /** The message of the next frame; empty at the end of the stream, if that is where a frame ends. */
    public static Optional<byte[]> read(InputStream in) throws IOException {
        return read(in, MOST_BYTES);
    }

    /** As {@link #read(InputStream)}, from somebody who may be anybody: a longer message is malformed. */
    public static Optional<byte[]> read(InputStream in, int most) throws IOException {
        int first = in.read();
        if (first < 0) {
            return Optional.empty();
        }
        DataInputStream data = new DataInputStream(in);
        int length = (first << 24) | (data.readUnsignedByte() << 16) | data.readUnsignedShort();
        require(length, most);
        byte[] message = in.readNBytes(length);
        if (message.length < length) {
            throw new EOFException("the stream ends inside a frame");
        }
        return Optional.of(message);
    }

    /** Puts frames together that arrive in pieces of any size. Not for several threads. */
    public static final class Assembler {
        private final Consumer<byte[]> messages;
        private ByteArrayOutputStream pending = new ByteArrayOutputStream();
        private int wanted = Integer.BYTES;
        private boolean inMessage;

        /** Passes each message on as it is whole. */
        public Assembler(Consumer<byte[]> messages) {
            this.messages = messages;
        }

        /** Takes a piece. */
        public void add(byte[] piece) {
            int at = 0;
            while (at < piece.length) {
                int taken = Math.min(wanted - pending.size(), piece.length - at);
                pending.write(piece, at, taken);
                at += taken;
                completeIfWhole();
            }
        }

        private void completeIfWhole() {
            // A message of no bytes is whole as soon as its length is known.
            while (pending.size() == wanted) {
                byte[] whole = pending.toByteArray();
                pending = new ByteArrayOutputStream();
                if (inMessage) {
                    wanted = Integer.BYTES;
                    messages.accept(whole);
                } else {
                    wanted = require(ByteBuffer.wrap(whole).getInt());
                }
                inMessage = !inMessage;
            }
        }
    }

    private static int require(int length) {
        return require(length, MOST_BYTES);
    }

    private static int require(int length, int most) {
        if (length < 0 || length > most) {
            throw new MalformedMessage("a frame of %,d bytes; the maximum is %,d".formatted(length, most));
        }
        return length;
    }
}
