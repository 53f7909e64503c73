package io.tcplab.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What answers that are still due may take of a loop's memory, by a clock that only the test moves. */
class SlowResponseTest {
    private static final int REQUEST = 40 << 10;
    private static final int ROOM = 3 * REQUEST;

    private final Unsent unsent = new Unsent(ROOM);

    @Test
    void aConnectionIsReadAgainWhenItsAnswersAreWritten() {
        EmbeddedChannel connection = connection();
        ask(connection);
        assertThat(connection.config().isAutoRead()).isTrue();
        ask(connection);
        assertThat(connection.config().isAutoRead()).isFalse();

        connection.advanceTimeBy(1, TimeUnit.SECONDS);
        connection.runScheduledPendingTasks();
        assertThat(connection.config().isAutoRead()).isTrue();
        assertThat(connection.outboundMessages()).hasSize(2);
        connection.releaseOutbound();
        EchoHandler.close(connection);
    }

    @Test
    void whereThereIsNoRoomForMoreTheOneThatHasWaitedLongestGivesWay() {
        EmbeddedChannel first = connection();
        EmbeddedChannel second = connection();
        ask(first);
        ask(second);
        ask(first);
        assertThat(first.isOpen()).isTrue();

        ask(second);
        assertThat(first.isOpen()).isFalse();
        assertThat(second.isOpen()).isTrue();
        EchoHandler.close(second);
    }

    @Test
    void whatIsNoLongerDueMakesRoom() {
        EmbeddedChannel gone = connection();
        ask(gone);
        ask(gone);
        EchoHandler.close(gone);

        EmbeddedChannel connection = connection();
        for (int i = 0; i < 10; i++) {
            ask(connection);
            connection.advanceTimeBy(1, TimeUnit.SECONDS);
            connection.runScheduledPendingTasks();
        }
        assertThat(connection.isOpen()).isTrue();
        assertThat(connection.outboundMessages()).hasSize(10);
        connection.releaseOutbound();
        EchoHandler.close(connection);
    }

    private EmbeddedChannel connection() {
        EmbeddedChannel connection =
                new EmbeddedChannel(new SlowResponse.Handler(new SlowResponse(Duration.ofSeconds(1)), unsent));
        connection.freezeTime();
        return connection;
    }

    private static void ask(EmbeddedChannel connection) {
        connection.writeInbound(Unpooled.buffer(REQUEST).writeZero(REQUEST));
    }
}
