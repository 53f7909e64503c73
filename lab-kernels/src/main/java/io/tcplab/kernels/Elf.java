package io.tcplab.kernels;

import java.io.EOFException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The header of a 64-bit ELF program, see elf(5). */
final class Elf {
    private static final int HEADER = 64;
    private static final int MAGIC = 0x464c457f; // "\x7fELF", little-endian
    private static final int PROGRAM_HEADERS_AT = 32;
    private static final int ENTRY_SIZE_AT = 54;
    private static final int ENTRIES_AT = 56;
    private static final int PT_INTERP = 3;

    private Elf() {}

    /**
     * Whether it needs a loader, and with it libraries.
     *
     * @throws IOException if it is no such program
     */
    static boolean hasInterpreter(RandomAccessFile file) throws IOException {
        ByteBuffer header = read(file, 0, HEADER);
        if (header.getInt(0) != MAGIC) {
            throw new IOException("no ELF program");
        }
        long at = header.getLong(PROGRAM_HEADERS_AT);
        int size = Short.toUnsignedInt(header.getShort(ENTRY_SIZE_AT));
        int entries = Short.toUnsignedInt(header.getShort(ENTRIES_AT));
        for (int i = 0; i < entries; i++) {
            if (read(file, at + (long) i * size, Integer.BYTES).getInt(0) == PT_INTERP) {
                return true;
            }
        }
        return false;
    }

    private static ByteBuffer read(RandomAccessFile file, long at, int length) throws IOException {
        if (at < 0 || at + length > file.length()) {
            throw new EOFException("a program that ends too soon");
        }
        byte[] bytes = new byte[length];
        file.seek(at);
        file.readFully(bytes);
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
