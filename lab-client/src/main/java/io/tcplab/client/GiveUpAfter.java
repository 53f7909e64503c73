package io.tcplab.client;

import io.netty.util.concurrent.Future;
import io.tcplab.transport.Durations;
import io.tcplab.transport.Spec;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Connects, sends the payload and reads its echo, but closes when the whole echo isn't there in time: the client with a
 * timeout, which leaves a slow server with a connection in CLOSE_WAIT.
 *
 * @param timeout how long to wait after the connection is established; more than zero, a year at most.
 *     Connecting is not part of it: see
 *     {@link LoadPlan#connectTimeout()}
 */
public record GiveUpAfter(Duration timeout) implements Load {
    static final String NAME = "give-up-after";
    private static final String TIMEOUT = "timeout";

    public GiveUpAfter {
        if (timeout.isNegative() || timeout.isZero() || timeout.compareTo(Stop.LONGEST) > 0) {
            throw new IllegalArgumentException("timeout: " + timeout + " is not between zero and " + Stop.LONGEST);
        }
    }

    /** Waits for one second. */
    public GiveUpAfter() {
        this(Duration.ofSeconds(1));
    }

    static GiveUpAfter of(Spec spec) {
        return new GiveUpAfter(spec.allow(TIMEOUT).duration(TIMEOUT, new GiveUpAfter().timeout));
    }

    @Override
    public Spec toSpec() {
        return Spec.of(NAME).with(TIMEOUT, timeout);
    }

    @Override
    public String summary(Exchange exchange) {
        return "connects, %s, but closes if that isn't done within %s"
                .formatted(exchange.words(), Durations.format(timeout));
    }

    /** One connection of this load. */
    static final class Handler extends ConnectionHandler {
        private final GiveUpAfter load;
        private @Nullable Future<?> timer;

        Handler(GiveUpAfter load, Generator generator, Line line) {
            super(generator, line);
            this.load = load;
        }

        @Override
        void onEstablished() {
            timer = timer(this::giveUp, load.timeout);
        }

        @Override
        void onConnected() {
            send();
        }

        @Override
        void onAnswered(Answer answer) {
            conclude(answer);
            close();
        }

        @Override
        void onOperationEnd() {
            if (timer != null) {
                timer.cancel(false);
            }
        }
    }
}
