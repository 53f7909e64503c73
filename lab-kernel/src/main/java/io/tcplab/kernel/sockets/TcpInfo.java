package io.tcplab.kernel.sockets;

import io.tcplab.kernel.MalformedException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.OptionalLong;

/** What the kernel reports about one connection: {@code struct tcp_info}, as long as this kernel sends it. A member that it
 * lacks is absent, never 0.
 */
public final class TcpInfo {
    /** Read by absolute index only, so that its position stays 0. */
    private final ByteBuffer struct;

    private TcpInfo(ByteBuffer struct) {
        this.struct = struct;
    }

    /** Copies the struct out of a netlink message, in native byte order. */
    static TcpInfo copyOf(ByteBuffer struct) {
        byte[] bytes = new byte[struct.remaining()];
        struct.get(struct.position(), bytes);
        return new TcpInfo(ByteBuffer.wrap(bytes).order(struct.order()));
    }

    /** A member's value, taken as unsigned; empty if this kernel's struct ends before it, or its state doesn't keep it. */
    public OptionalLong get(TcpInfoField field) {
        return has(field) && field.isKeptIn(state(struct, 0)) ? OptionalLong.of(read(field)) : OptionalLong.empty();
    }

    /**
     * A member's value, taken as unsigned.
     *
     * @throws NoSuchElementException if this kernel's struct ends before it, or its state doesn't keep it
     */
    public long require(TcpInfoField field) {
        return get(field)
                .orElseThrow(() -> new NoSuchElementException(
                        "this kernel's tcp_info has no " + field.kernelName() + " in this state"));
    }

    /** Whether this kernel's struct has the member. */
    public boolean has(TcpInfoField field) {
        return field.end() <= struct.capacity();
    }

    /** All members that this kernel's struct has, and its state keeps. */
    public Map<TcpInfoField, Long> values() {
        EnumMap<TcpInfoField, Long> values = new EnumMap<>(TcpInfoField.class);
        for (TcpInfoField field : TcpInfoField.values()) {
            get(field).ifPresent(value -> values.put(field, value));
        }
        return Collections.unmodifiableMap(values);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TcpInfo that && struct.equals(that.struct);
    }

    @Override
    public int hashCode() {
        return struct.hashCode();
    }

    @Override
    public String toString() {
        return "TcpInfo" + values();
    }

    private long read(TcpInfoField field) {
        return read(struct, 0, field);
    }

    /** The state in the struct itself. */
    static TcpState state(ByteBuffer struct, int start) {
        long number = read(struct, start, TcpInfoField.STATE);
        if (number < 1 || number > TcpState.values().length) {
            throw new MalformedException("struct tcp_info", 0, "no TCP state has the number " + number);
        }
        return TcpState.of(Math.toIntExact(number));
    }

    /** A member of a struct that begins at an index of the buffer, and is long enough for it. */
    static long read(ByteBuffer struct, int start, TcpInfoField field) {
        int at = start + field.offset();
        long whole = switch (field.bytes()) {
            case Byte.BYTES -> Byte.toUnsignedLong(struct.get(at));
            case Short.BYTES -> Short.toUnsignedLong(struct.getShort(at));
            case Integer.BYTES -> Integer.toUnsignedLong(struct.getInt(at));
            default -> struct.getLong(at);
        };
        int width = field.bytes() * Byte.SIZE;
        if (field.bits() == width) {
            return whole;
        }
        boolean fromLeast = struct.order() == ByteOrder.LITTLE_ENDIAN;
        int shift = fromLeast ? field.firstBit() : width - field.firstBit() - field.bits();
        return (whole >>> shift) & ((1L << field.bits()) - 1);
    }
}
