package io.tcplab.containers.protocol;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/** A message while it is read. Whatever doesn't fit throws {@link MalformedMessage}. */
public final class MessageReader {
    private final ByteBuffer in;

    /** From its beginning. */
    public MessageReader(byte[] message) {
        in = ByteBuffer.wrap(message);
    }

    /** See {@link MessageWriter#integer}. */
    public int integer() {
        return read(in::getInt);
    }

    /** See {@link MessageWriter#number}. */
    public long number() {
        return read(in::getLong);
    }

    /** See {@link MessageWriter#real}. */
    public double real() {
        return read(in::getDouble);
    }

    /** See {@link MessageWriter#flag}. */
    public boolean flag() {
        return read(in::get) != 0;
    }

    /** See {@link MessageWriter#bytes}. */
    public byte[] bytes() {
        byte[] value = new byte[count()];
        in.get(value);
        return value;
    }

    /** See {@link MessageWriter#text}. */
    public String text() {
        return new String(bytes(), StandardCharsets.UTF_8);
    }

    /** See {@link MessageWriter#duration}. */
    public Duration duration() {
        try {
            return Duration.ofSeconds(number(), integer());
        } catch (ArithmeticException e) {
            throw new MalformedMessage("a duration beyond what a duration can be");
        }
    }

    /** See {@link MessageWriter#constant}. */
    public <E extends Enum<E>> E constant(Class<E> type) {
        String name = text();
        try {
            return Enum.valueOf(type, name);
        } catch (IllegalArgumentException e) {
            throw new MalformedMessage("there is no " + type.getSimpleName() + " " + name);
        }
    }

    /** Which call it is. */
    public Call call() {
        return constant(Call.class);
    }

    /** See {@link MessageWriter#address}. */
    public InetAddress address() {
        byte[] bytes = bytes();
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new MalformedMessage("an address of " + bytes.length + " bytes");
        }
    }

    /** See {@link MessageWriter#endpoint}. */
    public InetSocketAddress endpoint() {
        InetAddress address = address();
        int port = integer();
        if (port < 0 || port > 0xffff) {
            throw new MalformedMessage("port " + port);
        }
        return new InetSocketAddress(address, port);
    }

    /** See {@link MessageWriter#each}. */
    public <T> List<T> each(Function<MessageReader, T> one) {
        int count = count();
        List<T> values = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            values.add(one.apply(this));
        }
        return values;
    }

    /** That nothing is left. */
    public void end() {
        if (in.hasRemaining()) {
            throw new MalformedMessage(in.remaining() + " bytes too many");
        }
    }

    /** Whatever is counted takes a byte at least, so that a false count can't claim more memory than the frame has bytes. */
    private int count() {
        int count = integer();
        if (count < 0 || count > in.remaining()) {
            throw new MalformedMessage("%,d where %,d bytes are left".formatted(count, in.remaining()));
        }
        return count;
    }

    private static <T> T read(Supplier<T> value) {
        try {
            return value.get();
        } catch (BufferUnderflowException e) {
            throw new MalformedMessage("it is truncated");
        }
    }
}
