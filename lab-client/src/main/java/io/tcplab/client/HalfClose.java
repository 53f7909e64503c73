package io.tcplab.client;

import io.tcplab.transport.Spec;

/**
 * Connects, sends the payload, shuts its output down, and still reads until the server's FIN. The client is in FIN_WAIT_2
 * and the server in CLOSE_WAIT for as long as the server goes on sending (RFC 9293, section 3.6, case 1).
 */
public record HalfClose() implements Load {
    static final String NAME = "half-close";

    static HalfClose of(Spec spec) {
        spec.allow();
        return new HalfClose();
    }

    @Override
    public Spec toSpec() {
        return Spec.of(NAME);
    }

    @Override
    public String summary(Exchange exchange) {
        return "connects, %s, shuts down its output, and reads everything the server sends until its FIN"
                .formatted(exchange.asks());
    }

    /** One connection of this load. */
    static final class Handler extends ConnectionHandler {
        Handler(Generator generator, Line line) {
            super(generator, line);
        }

        @Override
        void onConnected() {
            sendLastOr(this::onSent);
        }

        @Override
        void onSent() {
            // Not before: Netty fails what is still queued when the output is shut down.
            shutdownOutput();
        }

        @Override
        void onEndOfStream() {
            complete();
        }
    }
}
