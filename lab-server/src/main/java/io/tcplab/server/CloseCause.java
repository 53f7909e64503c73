package io.tcplab.server;

import io.tcplab.kernel.Errno;
import io.tcplab.transport.Errnos;
import java.util.Locale;

/** Why the server closed a connection: the values of the tag {@code cause}. */
public enum CloseCause {
    /** Its peer's FIN had been read. */
    PEER_EOF,
    /** A read or write failed with ECONNRESET or EPIPE. */
    PEER_RESET,
    /** The behaviour closes first. */
    LOCAL_CLOSE,
    /** The server itself was closed. */
    SHUTDOWN,
    /** Any other failure. */
    ERROR;

    /** Of a failed read or write. */
    static CloseCause of(Throwable failure) {
        return Errnos.find(failure).filter(CloseCause::isReset).isPresent() ? PEER_RESET : ERROR;
    }

    private static boolean isReset(Errno errno) {
        return errno == Errno.ECONNRESET || errno == Errno.EPIPE;
    }

    /** The tag's value: {@code peer-eof}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
