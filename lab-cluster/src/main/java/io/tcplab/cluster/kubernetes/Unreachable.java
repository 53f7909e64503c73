package io.tcplab.cluster.kubernetes;

import java.net.ConnectException;
import java.net.UnknownHostException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.UnresolvedAddressException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;

/** Why an API server can't be reached. The JDK's client often says no more than a class's name. */
final class Unreachable {
    private Unreachable() {}

    /** In words that say what to look at; what isn't known, in its own words. */
    static String why(Throwable failure) {
        List<Throwable> causes = Stream.iterate(failure, cause -> cause != null, Throwable::getCause)
                .toList();
        // The most special first: a name that isn't known comes as a ConnectException, too.
        if (any(causes, UnresolvedAddressException.class, UnknownHostException.class)
                .isPresent()) {
            return "its name can't be resolved";
        }
        if (any(causes, HttpTimeoutException.class).isPresent()) {
            return "no answer within %d s: it is down, or a firewall drops what is sent to it"
                    .formatted(Access.CONNECT_MILLIS / 1_000);
        }
        Optional<Throwable> tls = any(causes, SSLException.class);
        if (tls.isPresent()) {
            return "TLS fails: " + tls.get().getMessage();
        }
        if (any(causes, ConnectException.class, ClosedChannelException.class).isPresent()) {
            return "no connection: nothing listens there, or a firewall refuses";
        }
        Throwable root = causes.getLast();
        return root.getMessage() == null ? root.toString() : root.getMessage();
    }

    private static Optional<Throwable> any(List<Throwable> causes, Class<?>... types) {
        return causes.stream()
                .filter(cause -> Stream.of(types).anyMatch(type -> type.isInstance(cause)))
                .findFirst();
    }
}
