package io.tcplab.transport;

import java.util.Arrays;

/** Sizes as users write them: binary multiples, since that is what buffers and windows come in. */
enum ByteUnit {
    // From large to small: the first that fits a size is the one to write it in.
    GIB("GiB", 1L << 30),
    MIB("MiB", 1L << 20),
    KIB("KiB", 1L << 10),
    BYTE("", 1);

    final String suffix;
    final long bytes;

    ByteUnit(String suffix, long bytes) {
        this.suffix = suffix;
        this.bytes = bytes;
    }

    /** The unit that the text ends with. */
    static ByteUnit of(String text) {
        return Arrays.stream(values())
                .filter(unit -> text.endsWith(unit.suffix))
                .findFirst()
                .orElse(BYTE);
    }

    static String format(long size) {
        ByteUnit unit = Arrays.stream(values())
                .filter(candidate -> size != 0 && size % candidate.bytes == 0)
                .findFirst()
                .orElse(BYTE);
        return size / unit.bytes + unit.suffix;
    }
}
