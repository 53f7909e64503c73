package io.tcplab.transport;

import static java.util.stream.Collectors.toUnmodifiableMap;

import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.unix.Errors.NativeIoException;
import io.tcplab.kernel.Errno;
import java.io.IOException;
import java.net.NoRouteToHostException;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds the errno in what Netty and the JDK throw, so that a failure has the same name on every transport.
 *
 * <p>Netty's native transports carry the number, in a field or in the message. The JDK carries only
 * {@code strerror(3)}'s text, and Netty may have put that exception under one of its own, which adds the address.
 */
public final class Errnos {
    private static final Map<String, Errno> BY_TEXT =
            Arrays.stream(Errno.values()).collect(toUnmodifiableMap(Errno::description, errno -> errno));

    /** The JDK's own words for ECONNRESET, in {@code sun.nio.ch.SocketChannelImpl.throwConnectionReset}. */
    private static final String JDK_RESET = "Connection reset";

    /** What {@code io.netty.channel.unix.Errors} says of a failed connect, in an exception that has no number. */
    private static final Pattern NETTY_CONNECT = Pattern.compile("failed with error\\(-(\\d{1,4})\\)");

    private Errnos() {}

    /**
     * The errno's name, such as {@code ECONNRESET}; when there is none behind the failure, the simple name of its class
     * ({@code ConnectTimeoutException} is Netty's own timer, not the kernel's {@code ETIMEDOUT}).
     */
    public static String nameOf(Throwable failure) {
        return find(failure).map(Errno::name).orElseGet(() -> failure.getClass().getSimpleName());
    }

    /** The errno, where the failure or one of its causes comes from a system call. */
    public static Optional<Errno> find(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            Optional<Errno> errno = ofOne(cause);
            if (errno.isPresent()) {
                return errno;
            }
        }
        return Optional.empty();
    }

    private static Optional<Errno> ofOne(Throwable cause) {
        return switch (cause) {
            // Netty keeps the number negated, as its native methods return it.
            case NativeIoException io -> Optional.of(Errno.of(-io.expectedErr()));
            case ConnectTimeoutException timer -> Optional.empty();
            // Netty's native transports say nothing more, and say it of ENETUNREACH as well.
            case NoRouteToHostException unreachable -> Optional.of(Errno.EHOSTUNREACH);
            case IOException io -> Optional.ofNullable(io.getMessage()).flatMap(Errnos::ofMessage);
            default -> Optional.empty();
        };
    }

    private static Optional<Errno> ofMessage(String message) {
        Matcher netty = NETTY_CONNECT.matcher(message);
        if (netty.find()) {
            return Optional.of(Errno.of(Integer.parseInt(netty.group(1))));
        }
        return Optional.ofNullable(message.equals(JDK_RESET) ? Errno.ECONNRESET : BY_TEXT.get(message));
    }
}
