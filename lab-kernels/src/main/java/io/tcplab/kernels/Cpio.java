package io.tcplab.kernels;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * A cpio archive in the format that the kernel unpacks as initramfs: "newc", see {@code init/initramfs.c} and
 * {@code Documentation/driver-api/early-userspace/buffer-format.rst}. Everything in it is root's, and of 1970, so that the same
 * content makes the same archive.
 */
final class Cpio {
    private static final String MAGIC = "070701";
    private static final String TRAILER = "TRAILER!!!";
    private static final int DIRECTORY = 0040000;
    private static final int REGULAR = 0100000;
    private static final int LINK = 0120000;
    private static final int CHARACTER_DEVICE = 0020000;
    private static final int ALIGNMENT = 4;

    private final ByteArrayOutputStream archive = new ByteArrayOutputStream();
    private int inode;

    /** A folder that everybody may enter; its parents must have been added. */
    Cpio directory(String path) {
        return entry(path, DIRECTORY | 0755, new byte[0], 0, 0);
    }

    /**
     * A file.
     *
     * @param permissions such as 0755
     */
    Cpio file(String path, int permissions, byte[] content) {
        return entry(path, REGULAR | permissions, content, 0, 0);
    }

    /** A symbolic link. */
    Cpio link(String path, String target) {
        return entry(path, LINK | 0777, target.getBytes(StandardCharsets.UTF_8), 0, 0);
    }

    /** A character device of root's. Writing one into an archive takes no privilege; mknod would. */
    Cpio characterDevice(String path, int major, int minor) {
        return entry(path, CHARACTER_DEVICE | 0600, new byte[0], major, minor);
    }

    /** The whole archive. */
    byte[] finish() {
        inode = -1; // the trailer's is 0
        entry(TRAILER, 0, new byte[0], 0, 0);
        return archive.toByteArray();
    }

    private Cpio entry(String path, int mode, byte[] content, int major, int minor) {
        byte[] name = path.getBytes(StandardCharsets.UTF_8);
        inode++;
        int links = 1;
        text(MAGIC);
        for (int field :
                new int[] {inode, mode, 0, 0, links, 0, content.length, 0, 0, major, minor, name.length + 1, 0}) {
            text("%08x".formatted(field));
        }
        archive.writeBytes(name);
        archive.write(0);
        pad();
        archive.writeBytes(content);
        pad();
        return this;
    }

    private void text(String text) {
        archive.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
    }

    private void pad() {
        while (archive.size() % ALIGNMENT != 0) {
            archive.write(0);
        }
    }
}
