package io.tcplab.client;

import io.netty.channel.socket.SocketChannel;
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
    public String name() {
        return NAME;
    }

    @Override
    public String summary() {
        return "connects, sends the payload, shuts down its output, and reads everything the server sends until its"
                + " FIN";
    }

    /** One connection of this load. */
    static final class Handler extends ConnectionHandler {
        Handler(Generator generator, SocketChannel channel) {
            super(generator, channel);
        }

        @Override
        public void onConnected() {
            sendOr(this::onSent);
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
