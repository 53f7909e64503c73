package io.tcplab.kernel.netns;

import java.nio.ByteBuffer;

/**
 * An Ethernet address.
 *
 * @param bits the 48 bits, the first byte being the highest
 */
public record HardwareAddress(long bits) {
    /** Bytes that it takes in a frame. */
    public static final int BYTES = 6;

    /** Reads six bytes at the buffer's position, which stays. */
    static HardwareAddress read(ByteBuffer bytes) {
        long bits = 0;
        for (int i = 0; i < BYTES; i++) {
            bits = (bits << Byte.SIZE) | Byte.toUnsignedLong(bytes.get(bytes.position() + i));
        }
        return new HardwareAddress(bits);
    }

    /** Writes it into a frame. */
    public void writeTo(byte[] frame, int offset) {
        for (int i = 0; i < BYTES; i++) {
            frame[offset + i] = (byte) (bits >> ((BYTES - 1 - i) * Byte.SIZE));
        }
    }

    /** As {@code ip link} prints it: {@code 02:00:5e:10:00:01}. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (int i = BYTES - 1; i >= 0; i--) {
            text.append("%02x".formatted((bits >> (i * Byte.SIZE)) & 0xff)).append(i > 0 ? ":" : "");
        }
        return text.toString();
    }
}
