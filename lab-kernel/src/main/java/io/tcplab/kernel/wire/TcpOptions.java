package io.tcplab.kernel.wire;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** Options as they go over the wire: kind, length, value (RFC 9293 section 3.1). */
final class TcpOptions {
    // https://www.iana.org/assignments/tcp-parameters, "TCP Option Kind Numbers"
    private static final int END = 0;
    private static final int NOP = 1;
    private static final int MSS = 2;
    private static final int WSCALE = 3;
    private static final int SACK_PERMITTED = 4;
    private static final int SACK = 5;
    private static final int TIMESTAMPS = 8;

    /** Two numbers of 32 bits. */
    private static final int PAIR_BYTES = 8;

    private TcpOptions() {}

    /** Reads a header's options; what is malformed ends the list. */
    static List<TcpOption> decode(ByteBuffer options) {
        List<TcpOption> decoded = new ArrayList<>();
        while (options.hasRemaining()) {
            int kind = Byte.toUnsignedInt(options.get());
            if (kind == END) {
                decoded.add(new TcpOption.End());
                return decoded;
            }
            if (kind == NOP) {
                decoded.add(new TcpOption.NoOperation());
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

    /** Writes the option as it goes over the wire. */
    static void encode(TcpOption option, ByteBuffer into) {
        switch (option) {
            case TcpOption.End end -> into.put((byte) END);
            case TcpOption.NoOperation nop -> into.put((byte) NOP);
            case TcpOption.MaximumSegmentSize mss ->
                head(into, MSS, Short.BYTES).putShort((short) mss.bytes());
            case TcpOption.WindowScale scale -> head(into, WSCALE, Byte.BYTES).put((byte) scale.shift());
            case TcpOption.SackPermitted permitted -> head(into, SACK_PERMITTED, 0);
            case TcpOption.Sack sack -> {
                head(into, SACK, sack.blocks().size() * PAIR_BYTES);
                sack.blocks().forEach(block -> into.putInt((int) block.from()).putInt((int) block.to()));
            }
            case TcpOption.Timestamps stamps ->
                head(into, TIMESTAMPS, PAIR_BYTES).putInt((int) stamps.value()).putInt((int) stamps.echo());
            case TcpOption.Other other -> {
                byte[] bytes = HexFormat.of().parseHex(other.value());
                head(into, other.kind(), bytes.length).put(bytes);
            }
        }
    }

    private static TcpOption decode(int kind, ByteBuffer value) {
        int length = value.remaining();
        if (kind == MSS && length == Short.BYTES) {
            return new TcpOption.MaximumSegmentSize(Short.toUnsignedInt(value.getShort()));
        }
        if (kind == WSCALE && length == Byte.BYTES) {
            return new TcpOption.WindowScale(Byte.toUnsignedInt(value.get()));
        }
        if (kind == SACK_PERMITTED && length == 0) {
            return new TcpOption.SackPermitted();
        }
        if (kind == SACK && length > 0 && length % PAIR_BYTES == 0) {
            return sack(value);
        }
        if (kind == TIMESTAMPS && length == PAIR_BYTES) {
            return new TcpOption.Timestamps(u32(value), u32(value));
        }
        byte[] bytes = new byte[length];
        value.get(bytes);
        return new TcpOption.Other(kind, HexFormat.of().formatHex(bytes));
    }

    private static TcpOption.Sack sack(ByteBuffer value) {
        List<TcpOption.Sack.Block> blocks = new ArrayList<>();
        while (value.hasRemaining()) {
            blocks.add(new TcpOption.Sack.Block(u32(value), u32(value)));
        }
        return new TcpOption.Sack(blocks);
    }

    private static long u32(ByteBuffer bytes) {
        return Integer.toUnsignedLong(bytes.getInt());
    }

    private static ByteBuffer head(ByteBuffer into, int kind, int length) {
        return into.put((byte) kind).put((byte) (length + 2));
    }
}
