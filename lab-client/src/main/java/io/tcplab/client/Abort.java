package io.tcplab.client;

import io.netty.channel.socket.SocketChannel;
import io.tcplab.transport.Spec;

/**
 * Connects, sends the payload, sets SO_LINGER to 0 and closes: the kernel sends RST instead of FIN and keeps no TIME_WAIT
 * ({@code __tcp_close()} in net/ipv4/tcp.c).
 *
 * <p>That function counts TCPAbortOnData, but TCPAbortOnClose when there are received bytes that nobody read, so with
 * {@link Moment#SEND} and a peer that answers at once either may count. {@link Moment#ECHO} leaves nothing unread.
 *
 * @param after when to close
 */
public record Abort(Moment after) implements Load {
    static final String NAME = "abort";
    private static final String AFTER = "after";

    /** What comes before the reset. */
    public enum Moment {
        /** The kernel has taken the payload; the peer may not have read it, and then never will. */
        SEND,
        /** The payload's echo has been read. */
        ECHO
    }

    /** Resets as soon as the payload is sent. */
    public Abort() {
        this(Moment.SEND);
    }

    static Abort of(Spec spec) {
        return new Abort(spec.allow(AFTER).choice(AFTER, Moment.class, Moment.SEND));
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String spec() {
        return Spec.of(NAME).with(AFTER, after).toString();
    }

    @Override
    public String summary() {
        return "connects, sends the payload%s, and closes with SO_LINGER 0: a RST instead of a FIN"
                .formatted(after == Moment.ECHO ? " and reads its echo" : "");
    }

    /** One connection of this load. */
    static final class Handler extends ConnectionHandler {
        private final Abort load;

        Handler(Abort load, Generator generator, SocketChannel channel) {
            super(generator, channel);
            this.load = load;
        }

        @Override
        public void onConnected() {
            sendOr(this::reset);
        }

        @Override
        void onSent() {
            if (load.after == Moment.SEND) {
                reset();
            }
        }

        @Override
        void onReceived() {
            if (load.after == Moment.ECHO && received() >= payloadBytes()) {
                reset();
            }
        }

        private void reset() {
            if (busy()) {
                lingerZero();
                complete();
                close();
            }
        }
    }
}
