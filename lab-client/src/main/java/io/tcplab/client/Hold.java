package io.tcplab.client;

import io.netty.channel.socket.SocketChannel;
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
    public String name() {
        return NAME;
    }

    @Override
    public String summary() {
        return "connects, sends the payload if there is one, and keeps the connection open until it is released";
    }

    /** One connection of this load. */
    static final class Handler extends ConnectionHandler {
        private boolean held;

        Handler(Generator generator, SocketChannel channel) {
            super(generator, channel);
            // Else Netty would close the channel when the peer closes.
            channel.config().setAllowHalfClosure(true);
        }

        @Override
        public void onConnected() {
            sendOr(this::hold);
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
