package io.tcplab.client;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;

/** What a loop's connections without a channel read into, one after the other. */
final class Scratch {
    private final ByteBuffer memory;
    private final ByteBuf view;

    /** @param size in bytes; what doesn't fit is read by the next call */
    Scratch(int size) {
        memory = ByteBuffer.allocateDirect(size);
        view = Unpooled.wrappedBuffer(memory);
    }

    ByteBuffer memory() {
        return memory;
    }

    /** Its first bytes, until the next connection reads. */
    ByteBuf first(int size) {
        return view.setIndex(0, size);
    }
}
