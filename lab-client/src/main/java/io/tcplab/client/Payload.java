package io.tcplab.client;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/** The bytes that every operation sends: one copy, shared by all connections, since nobody writes to it. */
final class Payload {
    private static final int LETTERS = 'z' - 'a' + 1;

    private final ByteBuf bytes;

    Payload(int size) {
        bytes = Unpooled.directBuffer(size, Math.max(1, size));
        for (int i = 0; i < size; i++) {
            bytes.writeByte('a' + i % LETTERS);
        }
    }

    int size() {
        return bytes.readableBytes();
    }

    /** A view to send; its reader index shows how much of it the kernel has taken. Releasing it does nothing. */
    ByteBuf view() {
        return Unpooled.unreleasableBuffer(bytes.duplicate());
    }

    /** Frees the memory; no view may be in use any more. */
    void free() {
        bytes.release();
    }
}
