package io.tcplab.client;

import io.tcplab.transport.Spec;

/**
 * Connects, sends the payload, reads its echo, and closes. The side that closes first keeps the TIME_WAIT.
 *
 * @param requests how many times the payload goes out and comes back on each connection; at least 1
 * @param closesFirst with {@link Closer#SERVER} the client closes only after it has read the server's FIN
 */
public record ShortLived(int requests, Closer closesFirst) implements Load {
    static final String NAME = "short-lived";
    private static final String REQUESTS = "requests";
    private static final String CLOSES_FIRST = "closes-first";

    /** Whose FIN goes out first. */
    public enum Closer {
        CLIENT,
        SERVER
    }

    public ShortLived {
        if (requests < 1) {
            throw new IllegalArgumentException("requests: " + requests + " is less than 1");
        }
    }

    /** One request, and the client closes first. */
    public ShortLived() {
        this(1, Closer.CLIENT);
    }

    static ShortLived of(Spec spec) {
        spec.allow(REQUESTS, CLOSES_FIRST);
        return new ShortLived(spec.integer(REQUESTS, 1, 1), spec.choice(CLOSES_FIRST, Closer.class, Closer.CLIENT));
    }

    @Override
    public Spec toSpec() {
        return Spec.of(NAME).with(REQUESTS, requests).with(CLOSES_FIRST, closesFirst);
    }

    @Override
    public String summary(Exchange exchange) {
        return "connects, %s, %s, then closes: the %s closes first"
                .formatted(
                        exchange.words(),
                        requests == 1 ? "once" : requests + " times",
                        closesFirst == Closer.CLIENT ? "client" : "server");
    }

    /** One connection of this load. */
    static final class Handler extends ConnectionHandler {
        private final ShortLived load;
        private int answered;
        private Answer last = Answer.PLAIN;

        Handler(ShortLived load, Generator generator, Line line) {
            super(generator, line);
            this.load = load;
        }

        @Override
        void onConnected() {
            sendNext();
        }

        @Override
        void onAnswered(Answer answer) {
            if (answered == load.requests) {
                return;
            }
            answered++;
            last = answer;
            if (answered == load.requests) {
                onAllRequestsDone();
            } else if (answer.good()) {
                sendNext();
            } else {
                conclude(answer);
                close();
            }
        }

        @Override
        void onEndOfStream() {
            if (answered == load.requests || nothingToSay()) {
                conclude(last);
            } else {
                super.onEndOfStream();
            }
        }

        private void sendNext() {
            if (answered < load.requests - 1) {
                send();
            } else {
                sendLastOr(this::onAllRequestsDone);
            }
        }

        private void onAllRequestsDone() {
            if (load.closesFirst == Closer.CLIENT) {
                conclude(last);
                close();
            }
        }
    }
}
