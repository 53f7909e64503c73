package io.tcplab.client;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;

/** The bytes that every operation sends: one copy for all connections, which nobody writes to and the collector frees. */
final class Payload {
    private static final int LETTERS = 'z' - 'a' + 1;

    private final ByteBuffer memory;
    private final ByteBuf bytes;

    Payload(int size) {
        // Direct, or each native write would copy it first.
        memory = ByteBuffer.allocateDirect(size);
        for (int i = 0; i < size; i++) {
            memory.put((byte) ('a' + i % LETTERS));
        }
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
}
