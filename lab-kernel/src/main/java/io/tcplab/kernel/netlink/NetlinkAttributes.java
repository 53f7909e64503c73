package io.tcplab.kernel.netlink;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Reads the attributes of a message: {@code struct nlattr}, include/uapi/linux/netlink.h. */
public final class NetlinkAttributes {
    /** Bytes of a length and a type. */
    public static final int NLA_HDRLEN = 4;

    private static final int NLA_TYPE_MASK = 0x3fff;

    private NetlinkAttributes() {}

    /**
     * The value of the first attribute of a type.
     *
     * @param attributes a buffer from the first attribute (position) to the end of the last (limit); left as it is
     * @return a view of the value, valid as long as the buffer's content is; empty if there is no such attribute
     */
    public static Optional<ByteBuffer> find(ByteBuffer attributes, int type) {
        int at = attributes.position();
        while (attributes.limit() - at >= NLA_HDRLEN) {
            int length = Short.toUnsignedInt(attributes.getShort(at));
            if (length < NLA_HDRLEN || length > attributes.limit() - at) {
                return Optional.empty();
            }
            if ((attributes.getShort(at + Short.BYTES) & NLA_TYPE_MASK) == type) {
                return Optional.of(
                        attributes.slice(at + NLA_HDRLEN, length - NLA_HDRLEN).order(attributes.order()));
            }
            at += align(length);
        }
        return Optional.empty();
    }

    /** Takes an attribute: its type, and where in the buffer its value lies. */
    @FunctionalInterface
    public interface AttributeConsumer {
        void attribute(int type, int at, int bytes);
    }

    /**
     * Passes each attribute from an index of the buffer to its limit; stops at one that is malformed. Makes no objects.
     */
    public static void forEach(ByteBuffer buffer, int from, AttributeConsumer consumer) {
        int at = from;
        while (buffer.limit() - at >= NLA_HDRLEN) {
            int length = Short.toUnsignedInt(buffer.getShort(at));
            if (length < NLA_HDRLEN || length > buffer.limit() - at) {
                return;
            }
            int type = buffer.getShort(at + Short.BYTES) & NLA_TYPE_MASK;
            consumer.attribute(type, at + NLA_HDRLEN, length - NLA_HDRLEN);
            at += align(length);
        }
    }

    /** The value as a C string, without its terminator. */
    public static String string(ByteBuffer value) {
        byte[] text = new byte[value.remaining()];
        value.get(value.position(), text);
        int end = 0;
        while (end < text.length && text[end] != 0) {
            end++;
        }
        return new String(text, 0, end, StandardCharsets.UTF_8);
    }

    /** Rounds up to the four bytes at which the next message or attribute starts. */
    public static int align(int length) {
        return (length + 3) & ~3;
    }
}
