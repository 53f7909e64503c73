package io.tcplab.kernel.wire;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;

/** An option of a TCP header. Its text is that of tcpdump; numbers of 32 bits are unsigned. */
public sealed interface TcpOption {
    // https://www.iana.org/assignments/tcp-parameters, "TCP Option Kind Numbers"
    int END = 0;
    int NOP = 1;
    int MSS = 2;
    int WSCALE = 3;
    int SACK_PERMITTED = 4;
    int SACK = 5;
    int TIMESTAMPS = 8;

    /** Two numbers of 32 bits. */
    int PAIR_BYTES = 8;

    /** Ends the list (kind 0, RFC 9293 section 3.1). */
    record End() implements TcpOption {
        @Override
        public String toString() {
            return "eol";
        }
    }

    /** Fills up (kind 1, RFC 9293 section 3.1). */
    record NoOperation() implements TcpOption {
        @Override
        public String toString() {
            return "nop";
        }
    }

    /** The greatest payload that the sender wants to receive, in bytes (kind 2, RFC 9293 section 3.7.1). */
    record MaximumSegmentSize(int bytes) implements TcpOption {
        @Override
        public String toString() {
            return "mss " + bytes;
        }
    }

    /** By how many bits the sender's later windows are shifted (kind 3, RFC 7323 section 2). */
    record WindowScale(int shift) implements TcpOption {
        @Override
        public String toString() {
            return "wscale " + shift;
        }
    }

    /** The sender understands selective acknowledgements (kind 4, RFC 2018). */
    record SackPermitted() implements TcpOption {
        @Override
        public String toString() {
            return "sackOK";
        }
    }

    /** What the sender has received beyond its acknowledgement (kind 5, RFC 2018). */
    record Sack(List<Block> blocks) implements TcpOption {
        public Sack {
            blocks = List.copyOf(blocks);
        }

        /** From the first sequence number to the one after the last. */
        public record Block(long from, long to) {}

        @Override
        public String toString() {
            return blocks.stream()
                    .map(block -> "{" + block.from + ":" + block.to + "}")
                    .collect(Collectors.joining("", "sack " + blocks.size() + " ", ""));
        }
    }

    /** The sender's clock and the last one it heard (kind 8, RFC 7323 section 3). */
    record Timestamps(long value, long echo) implements TcpOption {
        @Override
        public String toString() {
            return "TS val " + value + " ecr " + echo;
        }
    }

    /** One that the lab has no business with; {@code value} in hexadecimal. */
    record Other(int kind, String value) implements TcpOption {
        @Override
        public String toString() {
            return "unknown-" + kind + " 0x" + value;
        }
    }

    /** Reads a header's options; what is malformed ends the list. */
    static List<TcpOption> decode(ByteBuffer options) {
        List<TcpOption> decoded = new ArrayList<>();
        while (options.hasRemaining()) {
            int kind = Byte.toUnsignedInt(options.get());
            if (kind == END) {
                decoded.add(new End());
                return decoded;
            }
            if (kind == NOP) {
                decoded.add(new NoOperation());
                continue;
            }
            int length = options.hasRemaining() ? Byte.toUnsignedInt(options.get()) - 2 : -1;
            if (length < 0 || length > options.remaining()) {
                return decoded;
            }
            decoded.add(decode(kind, options.slice(options.position(), length)));
            options.position(options.position() + length);
        }
        return decoded;
    }

    private static TcpOption decode(int kind, ByteBuffer value) {
        int length = value.remaining();
        if (kind == MSS && length == Short.BYTES) {
            return new MaximumSegmentSize(Short.toUnsignedInt(value.getShort()));
        }
        if (kind == WSCALE && length == Byte.BYTES) {
            return new WindowScale(Byte.toUnsignedInt(value.get()));
        }
        if (kind == SACK_PERMITTED && length == 0) {
            return new SackPermitted();
        }
        if (kind == SACK && length > 0 && length % PAIR_BYTES == 0) {
            return sack(value);
        }
        if (kind == TIMESTAMPS && length == PAIR_BYTES) {
            return new Timestamps(u32(value), u32(value));
        }
        byte[] bytes = new byte[length];
        value.get(bytes);
        return new Other(kind, HexFormat.of().formatHex(bytes));
    }

    private static Sack sack(ByteBuffer value) {
        List<Sack.Block> blocks = new ArrayList<>();
        while (value.hasRemaining()) {
            blocks.add(new Sack.Block(u32(value), u32(value)));
        }
        return new Sack(blocks);
    }

    private static long u32(ByteBuffer bytes) {
        return Integer.toUnsignedLong(bytes.getInt());
    }

    /** Writes the option as it goes over the wire. */
    default void encode(ByteBuffer into) {
        switch (this) {
            case End end -> into.put((byte) END);
            case NoOperation nop -> into.put((byte) NOP);
            case MaximumSegmentSize mss -> head(into, MSS, Short.BYTES).putShort((short) mss.bytes);
            case WindowScale scale -> head(into, WSCALE, Byte.BYTES).put((byte) scale.shift);
            case SackPermitted permitted -> head(into, SACK_PERMITTED, 0);
            case Sack sack -> {
                head(into, SACK, sack.blocks.size() * PAIR_BYTES);
                sack.blocks.forEach(block -> into.putInt((int) block.from).putInt((int) block.to));
            }
            case Timestamps stamps ->
                head(into, TIMESTAMPS, PAIR_BYTES).putInt((int) stamps.value).putInt((int) stamps.echo);
            case Other other -> {
                byte[] bytes = HexFormat.of().parseHex(other.value);
                head(into, other.kind, bytes.length).put(bytes);
            }
        }
    }

    private static ByteBuffer head(ByteBuffer into, int kind, int length) {
        return into.put((byte) kind).put((byte) (length + 2));
    }
}
