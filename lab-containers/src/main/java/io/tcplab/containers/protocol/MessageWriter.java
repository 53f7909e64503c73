package io.tcplab.containers.protocol;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.function.BiConsumer;

/** A message while it is written. {@link MessageReader} reads the same in the same order. */
public final class MessageWriter {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final DataOutputStream out = new DataOutputStream(bytes);

    @FunctionalInterface
    private interface Write {
        void run() throws IOException;
    }

    /** Four bytes. */
    public MessageWriter integer(int value) {
        return written(() -> out.writeInt(value));
    }

    /** Eight bytes. */
    public MessageWriter number(long value) {
        return written(() -> out.writeLong(value));
    }

    /** Eight bytes. */
    public MessageWriter real(double value) {
        return written(() -> out.writeDouble(value));
    }

    /** One byte. */
    public MessageWriter flag(boolean value) {
        return written(() -> out.writeBoolean(value));
    }

    /** Its length, then its bytes. */
    public MessageWriter bytes(byte[] value) {
        return written(() -> {
            out.writeInt(value.length);
            out.write(value);
        });
    }

    /** UTF-8. */
    public MessageWriter text(String value) {
        return bytes(value.getBytes(StandardCharsets.UTF_8));
    }

    /** Whole, to the nanosecond. */
    public MessageWriter duration(Duration value) {
        return number(value.getSeconds()).integer(value.getNano());
    }

    /** The constant's name. */
    public MessageWriter constant(Enum<?> value) {
        return text(value.name());
    }

    /** An address. */
    public MessageWriter address(InetAddress value) {
        return bytes(value.getAddress());
    }

    /** An address and a port; it must be resolved. */
    public MessageWriter endpoint(InetSocketAddress value) {
        return address(value.getAddress()).integer(value.getPort());
    }

    /** How many, then each. */
    public <T> MessageWriter each(Collection<T> values, BiConsumer<MessageWriter, T> one) {
        integer(values.size());
        values.forEach(value -> one.accept(this, value));
        return this;
    }

    /** What has been written. */
    public byte[] toBytes() {
        return bytes.toByteArray();
    }

    private MessageWriter written(Write write) {
        try {
            write.run();
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException("memory does not refuse to be written", e);
        }
    }
}
