package io.tcplab.client;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;

/** The bytes of a request: one copy for all connections, which nobody writes to and the collector frees. */
final class Payload {
    private static final int LETTERS = 'z' - 'a' + 1;

    private final ByteBuffer memory;
    private final ByteBuf bytes;

    /** So many letters. */
    Payload(int size) {
        this(letters(size));
    }

    /** A copy of these bytes. */
    Payload(ByteBuffer content) {
        // Direct, or each native write would copy it first.
        memory = ByteBuffer.allocateDirect(content.remaining());
        memory.put(content.duplicate());
        bytes = Unpooled.wrappedBuffer(memory.flip());
    }

    /** The bytes themselves, for a call that takes a range of them; not to be written to. */
    ByteBuffer memory() {
        return memory;
    }

    int size() {
        return bytes.readableBytes();
    }

    /** What to send; if that fails, its reader index shows how much the kernel took. Releasing it does nothing. */
    ByteBuf view() {
        return Unpooled.unreleasableBuffer(bytes.duplicate());
    }

    private static ByteBuffer letters(int size) {
        ByteBuffer letters = ByteBuffer.allocate(size);
        for (int i = 0; i < size; i++) {
            letters.put((byte) ('a' + i % LETTERS));
        }
        return letters.flip();
    }
}
