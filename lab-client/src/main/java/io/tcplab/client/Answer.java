package io.tcplab.client;

import org.jspecify.annotations.Nullable;

/**
 * The complete answer to a request.
 *
 * @param status as reports count it, such as {@code HTTP 200}; null where the exchange has none
 * @param failure what its operation fails with; null where it completes it
 * @param reusable whether the connection may carry another request
 */
record Answer(@Nullable String status, @Nullable String failure, boolean reusable) {
    static final Answer PLAIN = new Answer(null, null, true);

    /** Ended by the server's FIN. */
    static final Answer LAST = new Answer(null, null, false);

    /** One that isn't as the exchange has it; the connection is of no use any more. */
    static Answer broken(String failure) {
        return new Answer(null, failure, false);
    }

    boolean good() {
        return failure == null;
    }
}
