package io.tcplab.kernel.ffm;

import io.tcplab.kernel.KernelException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Files of /proc and /proc/sys, read and written the way their handlers want it.
 *
 * <p>{@code java.nio.file.Files} won't do: such files say that they are empty, so it starts with a read of one byte,
 * and a handler of /proc/sys takes any read after the first for the end of the file ("60" reads "6"). And an
 * IOException tells its errno only as a text in the user's language.
 */
public final class ProcFile {
    private static final int CHUNK = 1 << 16;

    private ProcFile() {}

    /**
     * The file's whole text.
     *
     * @throws KernelException ENOENT, EACCES, …, of the call that failed
     */
    public static String read(String path) {
        String operation = "read " + path;
        int fd = Libc.open(path, Libc.O_RDONLY | Libc.O_CLOEXEC).intOrThrow(operation, "");
        try {
            return readAll(fd, operation);
        } finally {
            close(fd, path);
        }
    }

    /**
     * Writes the text in one call, since each call is a setting of its own.
     *
     * @return how many bytes the handler took: fewer than all if it ignores the rest
     * @throws KernelException ENOENT, EACCES, EINVAL, …, of the call that failed
     */
    public static int write(String path, String text) {
        String operation = "write \"" + text.strip() + "\" to " + path;
        int fd = Libc.open(path, Libc.O_WRONLY | Libc.O_CLOEXEC).intOrThrow(operation, "");
        try {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            ByteBuffer buffer = Libc.buffer(bytes.length).put(bytes).flip();
            Libc.write(fd, buffer).orThrow(operation, "");
            return buffer.position();
        } finally {
            close(fd, path);
        }
    }

    /**
     * The value of a line {@code name:	value}, as /proc/PID/status has them.
     *
     * @throws IllegalStateException if the text has no such line
     */
    public static String field(String text, String name) {
        String prefix = name + ":";
        return text.lines()
                .filter(line -> line.startsWith(prefix))
                .map(line -> line.substring(prefix.length()).strip())
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no line \"" + prefix + "\" in:\n" + text));
    }

    private static String readAll(int fd, String operation) {
        ByteBuffer buffer = Libc.buffer(CHUNK);
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        while (Libc.read(fd, buffer.clear()).orThrow(operation, "") > 0) {
            byte[] bytes = new byte[buffer.flip().remaining()];
            buffer.get(bytes);
            text.writeBytes(bytes);
        }
        return text.toString(StandardCharsets.UTF_8);
    }

    private static void close(int fd, String path) {
        Libc.close(fd).orThrow("close " + path, "");
    }
}
