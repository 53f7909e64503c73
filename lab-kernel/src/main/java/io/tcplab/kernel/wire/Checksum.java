package io.tcplab.kernel.wire;

/** The checksum of IPv4 and TCP headers (RFC 1071): the complement of the sum of 16-bit words in one's complement. */
final class Checksum {
    private static final int WORD = 0xffff;

    private long sum;

    /** Adds bytes, which begin at an even distance from the first; an odd last one counts as a word's high half. */
    Checksum add(byte[] bytes, int from, int to) {
        for (int i = from; i + 1 < to; i += 2) {
            sum += (Byte.toUnsignedInt(bytes[i]) << Byte.SIZE) | Byte.toUnsignedInt(bytes[i + 1]);
        }
        if ((to - from) % 2 != 0) {
            sum += (long) Byte.toUnsignedInt(bytes[to - 1]) << Byte.SIZE;
        }
        return this;
    }

    /** Adds a 16-bit word. */
    Checksum add(int word) {
        sum += word;
        return this;
    }

    /** 0 over a range that contains its own right checksum. */
    int value() {
        long folded = sum;
        while (folded > WORD) {
            folded = (folded & WORD) + (folded >> Short.SIZE);
        }
        return (int) ~folded & WORD;
    }
}
