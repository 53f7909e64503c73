package io.tcplab.client;

import io.tcplab.transport.Spec;

/**
 * Connects, sends the payload if there is one, and keeps the connection open, whatever the peer does, until
 * {@link LabClient#release()}; then closes. A peer that closes before leaves the client's side in CLOSE_WAIT.
 *
 * <p>With a payload, what the peer sends is read while the connection is held. A release that comes before the last of it was
 * read makes the kernel send RST instead of FIN, as with any close of a socket with unread data (RFC 1122, section 4.2.2.13).
 *
 * <p>A held connection takes no place under the plan's concurrency, which here caps the connections that are being opened.
 */
public record Hold() implements Load {
    static final String NAME = "hold";

    static Hold of(Spec spec) {
        spec.allow();
        return new Hold();
    }

    @Override
    public Spec toSpec() {
        return Spec.of(NAME);
    }

    @Override
    public String summary(Exchange exchange) {
        return "connects, %s, and keeps the connection open until it is released"
                .formatted(exchange instanceof Echo ? "sends the payload if there is one" : exchange.asks());
    }

    /** One connection of this load. */
    static final class Handler extends ConnectionHandler {
        private boolean held;

        Handler(Generator generator, Line line) {
            super(generator, line);
            // Else Netty would close the channel when the peer closes.
            line.channel().config().setAllowHalfClosure(true);
        }

        @Override
        void onConnected() {
            sendLastOr(this::hold);
        }

        @Override
        void onSent() {
            hold();
        }

        @Override
        public void onRelease() {
            if (held) {
                complete();
                close();
            }
        }

        private void hold() {
            held = true;
            arrive();
            yieldPlace();
            if (released()) {
                onRelease();
            }
        }
    }
}
