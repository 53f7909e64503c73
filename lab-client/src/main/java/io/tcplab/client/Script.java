package io.tcplab.client;

import java.nio.ByteBuffer;

/**
 * Sends the same bytes in each request, and knows its answer by what is expected: for any server whose client speaks first.
 *
 * @param name where the bytes are from, for reports: a file's name
 * @param bytes what is sent; at least one, and never changed
 */
public record Script(String name, ByteBuffer bytes, Expect expect) implements Exchange {
    public Script {
        bytes = bytes.asReadOnlyBuffer();
        if (!bytes.hasRemaining()) {
            throw new IllegalArgumentException(name + " is empty: there is nothing to send");
        }
    }

    @Override
    public String label() {
        return "send " + name + ", expect " + expect.label();
    }

    @Override
    public String asks() {
        return "sends %s (%d bytes)".formatted(name, bytes.remaining());
    }

    @Override
    public String reads() {
        return "reads " + expect.words();
    }
}
