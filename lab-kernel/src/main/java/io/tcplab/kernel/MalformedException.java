package io.tcplab.kernel;

import java.time.DateTimeException;
import java.util.function.Supplier;

/** Bytes that aren't what the kernel, or whoever wrote them, is known to write. */
public final class MalformedException extends IllegalStateException {
    private static final long serialVersionUID = 1;
    private static final int LONGEST_EXCERPT = 200;

    /**
     * Something that ends too soon, or counts what isn't there.
     *
     * @param what should have been there, for example {@code "a sock_diag message"}
     * @param offset in bytes from its beginning, where it went wrong
     */
    public MalformedException(String what, int offset, String problem) {
        super(what + " is malformed at byte " + offset + ": " + problem);
    }

    private MalformedException(String what, String text, RuntimeException cause) {
        super(what + " is malformed: " + text.substring(0, Math.min(text.length(), LONGEST_EXCERPT)), cause);
    }

    /**
     * Reads a text, and says what it is and how it begins if it can't be read.
     *
     * @param what it should be, for example {@code "/proc/PID/stat"}
     * @param read may throw what parsing numbers and words throws
     */
    public static <T> T unlessRead(String what, String text, Supplier<T> read) {
        try {
            return read.get();
        } catch (IndexOutOfBoundsException | IllegalArgumentException | ArithmeticException | DateTimeException e) {
            throw new MalformedException(what, text, e);
        }
    }
}
