package io.tcplab.kernels;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/** The header of a bzImage: {@code Documentation/arch/x86/boot.rst}. */
final class KernelImage {
    private static final int MAGIC_AT = 0x202;
    private static final String MAGIC = "HdrS";
    private static final int VERSION_AT = 0x20e;
    /** What {@code kernel_version} counts from. */
    private static final int SETUP_AT = 0x200;

    private static final int LONGEST = 256;

    private KernelImage() {}

    /**
     * The release of the kernel in a file, without what follows it (who built it, and when); empty if the file is no kernel for x86.
     *
     * @throws IOException if the file can't be read
     */
    static Optional<String> release(Path image) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "r")) {
            if (file.length() < VERSION_AT + 2 || !MAGIC.equals(text(file, MAGIC_AT, MAGIC.length()))) {
                return Optional.empty();
            }
            file.seek(VERSION_AT);
            int pointer = file.read() | file.read() << 8;
            long at = (long) pointer + SETUP_AT;
            if (pointer == 0 || at + LONGEST > file.length()) {
                return Optional.empty();
            }
            return Optional.of(text(file, at, LONGEST).split("[ \0]", 2)[0]).filter(release -> !release.isEmpty());
        }
    }

    private static String text(RandomAccessFile file, long at, int length) throws IOException {
        byte[] bytes = new byte[length];
        file.seek(at);
        file.readFully(bytes);
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
