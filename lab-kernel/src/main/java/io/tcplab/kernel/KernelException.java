package io.tcplab.kernel;

import org.jspecify.annotations.Nullable;

/**
 * The kernel refused an operation. Carries what was tried, the error by name and what the user can do about it; the
 * message reads {@code operation: EPERM (Operation not permitted): remedy}.
 */
public final class KernelException extends RuntimeException {
    private final String operation;
    private final Errno errno;
    private final String remedy;

    /**
     * An error of which nothing else is known.
     *
     * @param operation what was tried, with its object: {@code "open /proc/net/snmp"}
     * @param errno the kernel's answer
     * @param remedy what the user can do, in a sentence without full stop; empty if nothing is known
     */
    public KernelException(String operation, Errno errno, String remedy) {
        this(operation, errno, "", remedy, null);
    }

    /**
     * An error with all that is known about it.
     *
     * @param detail the kernel's own words, as netlink's extended acknowledgement carries them; empty if it said none
     * @param cause the exception that brought the error, or null
     */
    public KernelException(String operation, Errno errno, String detail, String remedy, @Nullable Throwable cause) {
        super(message(operation, errno, detail, remedy), cause);
        this.operation = operation;
        this.errno = errno;
        this.remedy = remedy;
    }

    /** What was tried. */
    public String operation() {
        return operation;
    }

    /** The kernel's answer. */
    public Errno errno() {
        return errno;
    }

    /** What the user can do; empty if nothing is known. */
    public String remedy() {
        return remedy;
    }

    private static String message(String operation, Errno errno, String detail, String remedy) {
        StringBuilder text = new StringBuilder(operation)
                .append(": ")
                .append(errno)
                .append(" (")
                .append(errno.description());
        if (!detail.isEmpty()) {
            text.append("; the kernel says: ").append(detail);
        }
        text.append(')');
        if (!remedy.isEmpty()) {
            text.append(": ").append(remedy);
        }
        return text.toString();
    }
}
