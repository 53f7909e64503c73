package io.tcplab.transport;

import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.unix.Errors.NativeIoException;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds the errno in what Netty and the JDK throw, so that a failure has the same name on every transport.
 *
 * <p>Netty's native transports carry the number. The JDK only carries {@code strerror(3)}'s text, sometimes shortened,
 * and often under an exception of Netty's that adds the address.
 */
public final class Errnos {
    /** What a TCP socket call can meet on Linux: number of asm-generic/errno.h, and how glibc words it. */
    private enum Known {
        EACCES(13, "Permission denied"),
        EMFILE(24, "Too many open files"),
        ENFILE(23, "Too many open files in system"),
        EPIPE(32, "Broken pipe"),
        EINVAL(22, "Invalid argument"),
        EBADF(9, "Bad file descriptor"),
        ENOMEM(12, "Cannot allocate memory"),
        EPERM(1, "Operation not permitted"),
        EADDRINUSE(98, "Address already in use"),
        EADDRNOTAVAIL(99, "Cannot assign requested address"),
        ENETDOWN(100, "Network is down"),
        ENETUNREACH(101, "Network is unreachable"),
        ECONNABORTED(103, "Software caused connection abort"),
        ECONNRESET(104, "Connection reset by peer"),
        ENOBUFS(105, "No buffer space available"),
        ENOTCONN(107, "Transport endpoint is not connected"),
        ETIMEDOUT(110, "Connection timed out"),
        ECONNREFUSED(111, "Connection refused"),
        EHOSTDOWN(112, "Host is down"),
        EHOSTUNREACH(113, "No route to host");

        private final int number;
        private final String text;

        Known(int number, String text) {
            this.number = number;
            this.text = text;
        }

        /** The JDK says "Connection reset" where it has words of its own for the errno. */
        private boolean words(String message) {
            return message.equals(text) || (this == ECONNRESET && message.equals("Connection reset"));
        }
    }

    private Errnos() {}

    /**
     * The errno's name, such as {@code ECONNRESET}; when there is none behind the failure, the simple name of its class
     * ({@code ConnectTimeoutException} is Netty's own timer, not the kernel's {@code ETIMEDOUT}).
     */
    public static String nameOf(Throwable failure) {
        return find(failure).orElseGet(() -> failure.getClass().getSimpleName());
    }

    /** The errno's name, where the failure or one of its causes comes from a system call. */
    public static Optional<String> find(Throwable failure) {
        if (failure instanceof ConnectTimeoutException) {
            return Optional.empty();
        }
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            Optional<String> name = ofOne(cause);
            if (name.isPresent()) {
                return name;
            }
        }
        return Optional.empty();
    }

    private static Optional<String> ofOne(Throwable cause) {
        return switch (cause) {
            // Netty stores the errno negated, as its native methods return it.
            case NativeIoException io -> Optional.of(ofNumber(-io.expectedErr()));
            case IOException io -> ofText(io.getMessage());
            default -> Optional.empty();
        };
    }

    private static String ofNumber(int errno) {
        return Arrays.stream(Known.values())
                .filter(known -> known.number == errno)
                .findFirst()
                .map(Known::name)
                .orElse("errno " + errno);
    }

    private static Optional<String> ofText(@Nullable String message) {
        return Arrays.stream(Known.values())
                .filter(known -> message != null && known.words(message))
                .findFirst()
                .map(Known::name);
    }
}
