package io.tcplab.kernel.netlink;

import static io.tcplab.kernel.netlink.NetlinkAttributes.NLA_HDRLEN;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * A netlink message in the making: a header, a fixed struct, then attributes; integers in native order, each
 * attribute padded to four bytes (include/uapi/linux/netlink.h).
 *
 * <p>Not for several threads. May be sent repeatedly.
 */
public final class NetlinkRequest {
    // include/uapi/linux/netlink.h
    public static final int NLM_F_REQUEST = 0x1;
    public static final int NLM_F_ACK = 0x4;
    public static final int NLM_F_DUMP = 0x300;
    public static final int NLM_F_EXCL = 0x200;
    public static final int NLM_F_CREATE = 0x400;
    static final int NLMSG_HDRLEN = 16;
    private static final int NLA_F_NESTED = 0x8000;
    private static final int TYPICAL_BYTES = 256;

    private final int type;
    private final int flags;
    private ByteBuffer body = ByteBuffer.allocate(TYPICAL_BYTES).order(ByteOrder.nativeOrder());

    private NetlinkRequest(int type, int flags) {
        this.type = type;
        this.flags = flags | NLM_F_REQUEST;
    }

    /**
     * Starts a message.
     *
     * @param type the message's type, for example RTM_NEWLINK
     * @param flags NLM_F_…; NLM_F_REQUEST goes without saying
     */
    public static NetlinkRequest of(int type, int flags) {
        return new NetlinkRequest(type, flags);
    }

    /** Appends one byte of the fixed struct. */
    public NetlinkRequest u8(int value) {
        room(Byte.BYTES).put((byte) value);
        return this;
    }

    /** Appends two bytes of the fixed struct, in native order. */
    public NetlinkRequest u16(int value) {
        room(Short.BYTES).putShort((short) value);
        return this;
    }

    /** Appends four bytes of the fixed struct, in native order. */
    public NetlinkRequest u32(int value) {
        room(Integer.BYTES).putInt(value);
        return this;
    }

    /** Appends bytes of the fixed struct as they are. */
    public NetlinkRequest bytes(byte[] value) {
        room(value.length).put(value);
        return this;
    }

    /** Appends an attribute whose value is these bytes. */
    public NetlinkRequest attribute(int attribute, byte[] value) {
        u16(NLA_HDRLEN + value.length).u16(attribute).bytes(value);
        return pad();
    }

    /** Appends an attribute whose value is a u32. */
    public NetlinkRequest attribute(int attribute, int value) {
        return u16(NLA_HDRLEN + Integer.BYTES).u16(attribute).u32(value);
    }

    /** Appends an attribute whose value is a C string. */
    public NetlinkRequest attribute(int attribute, String value) {
        byte[] text = value.getBytes(StandardCharsets.US_ASCII);
        return attribute(attribute, Arrays.copyOf(text, text.length + 1));
    }

    /** Appends an attribute that holds attributes. */
    public NetlinkRequest nest(int attribute, Consumer<NetlinkRequest> content) {
        return enclose(attribute | NLA_F_NESTED, content);
    }

    /** Appends an attribute that holds a struct with attributes behind it, as VETH_INFO_PEER does. */
    public NetlinkRequest enclose(int attribute, Consumer<NetlinkRequest> content) {
        int start = body.position();
        u16(0).u16(attribute);
        content.accept(this);
        body.putShort(start, (short) (body.position() - start));
        return this;
    }

    /** Bytes of the whole message. Always a multiple of four: structs are, and attributes are padded. */
    int length() {
        return NLMSG_HDRLEN + body.position();
    }

    /** Appends the message to a datagram. */
    void writeTo(ByteBuffer datagram, int sequence, int extraFlags) {
        datagram.putInt(length())
                .putShort((short) type)
                .putShort((short) (flags | extraFlags))
                .putInt(sequence)
                .putInt(0)
                .put(body.array(), 0, body.position());
    }

    private NetlinkRequest pad() {
        while (body.position() % 4 != 0) {
            u8(0);
        }
        return this;
    }

    private ByteBuffer room(int bytes) {
        if (body.remaining() < bytes) {
            ByteBuffer bigger =
                    ByteBuffer.allocate((body.capacity() + bytes) * 2).order(ByteOrder.nativeOrder());
            body = bigger.put(body.flip());
        }
        return body;
    }
}
