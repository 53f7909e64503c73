package io.tcplab.client;

import io.tcplab.transport.Spec;

/**
 * Sends requests over a pool of connections, one at a time on each. Every request opens a connection until the pool is
 * full; then each takes the one that has been idle longest. A connection that breaks fails the request it carries and is
 * replaced by the next. An operation is a request, not a connection; the plan's concurrency and the pool both cap them.
 *
 * @param pool the most connections open at a time; at least 1
 */
public record KeepAlive(int pool) implements Load {
    static final String NAME = "keep-alive";
    private static final String POOL = "pool";

    public KeepAlive {
        if (pool < 1) {
            throw new IllegalArgumentException("pool: " + pool + " is less than 1");
        }
    }

    /** A pool of 16. */
    public KeepAlive() {
        this(16);
    }

    static KeepAlive of(Spec spec) {
        return new KeepAlive(spec.allow(POOL).integer(POOL, 1, new KeepAlive().pool));
    }

    @Override
    public Spec toSpec() {
        return Spec.of(NAME).with(POOL, pool);
    }

    @Override
    public String summary(Exchange exchange) {
        return "%s, again and again over a pool of %d connections; closes when the plan ends"
                .formatted(exchange.words(), pool);
    }

    /** One connection of the pool, with the request that it carries. */
    static final class Handler extends ConnectionHandler {
        Handler(Generator generator, Line line) {
            super(generator, line);
        }

        @Override
        void onConnected() {
            send();
        }

        @Override
        void onAnswered(Answer answer) {
            conclude(answer);
            if (answer.reusable()) {
                rest();
            } else {
                close();
            }
        }
    }
}
