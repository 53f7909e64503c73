package io.tcplab.client;

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
    public Spec toSpec() {
        return Spec.of(NAME).with(AFTER, after);
    }

    @Override
    public String summary(Exchange exchange) {
        return "connects, %s, and closes with SO_LINGER 0: a RST instead of a FIN"
                .formatted(after == Moment.ECHO ? exchange.words() : exchange.asks());
    }

    /** One connection of this load. */
    static final class Handler extends ConnectionHandler {
        private final Abort load;

        Handler(Abort load, Generator generator, Line line) {
            super(generator, line);
            this.load = load;
        }

        @Override
        void onConnected() {
            sendLastOr(() -> reset(Answer.PLAIN));
        }

        @Override
        void onSent() {
            if (load.after == Moment.SEND) {
                reset(Answer.PLAIN);
            }
        }

        @Override
        void onAnswered(Answer answer) {
            if (load.after == Moment.ECHO) {
                reset(answer);
            }
        }

        private void reset(Answer answer) {
            if (busy()) {
                lingerZero();
                conclude(answer);
                close();
            }
        }
    }
}
