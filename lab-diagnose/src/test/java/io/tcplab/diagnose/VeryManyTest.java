package io.tcplab.diagnose;

import static io.tcplab.kernel.sockets.TcpState.CLOSE_WAIT;
import static io.tcplab.kernel.sockets.TcpState.ESTABLISHED;
import static io.tcplab.kernel.sockets.TcpState.FIN_WAIT2;
import static io.tcplab.kernel.sockets.TcpState.LAST_ACK;
import static io.tcplab.kernel.sockets.TcpState.SYN_SENT;
import static io.tcplab.kernel.sockets.TcpState.TIME_WAIT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.tcplab.diagnose.sample.SocketRow;
import io.tcplab.kernel.sockets.SocketTimer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Piles of sockets are what the diagnosis is for: it mustn't look at all of them for each of them, which takes minutes. */
@Timeout(30)
@Tag("slow")
class VeryManyTest {
    private static final int MANY = 100_000;
    private static final Duration FIVE_SECONDS = Duration.ofSeconds(5);
    private static final SocketRow LISTENER = Sockets.listener(0, 128);

    static Stream<Arguments> piles() {
        return Stream.of(
                pile("eof-read-not-closed", n -> Sockets.accepted(CLOSE_WAIT, n, 90_000)),
                pile(
                        "eof-not-read",
                        n -> Sockets.accepted(CLOSE_WAIT, n, 90_000).unread(1)),
                pile(
                        "never-accepted",
                        n -> Sockets.accepted(CLOSE_WAIT, n, 90_000).unread(1).unheld()),
                pile("idle-pool", n -> Sockets.opened(CLOSE_WAIT, n, 90_000).unread(1)),
                pile("peer-never-closes", n -> Sockets.opened(FIN_WAIT2, n, 90_000)),
                pile("ports-exhausted", n -> Sockets.opened(TIME_WAIT, n, 0).minisocket(30_000)),
                pile("syn-unanswered", n -> Sockets.opened(SYN_SENT, n, 0).timer(SocketTimer.Kind.RETRANSMIT, 3)),
                pile("syn-flood", n -> Sockets.request(n, 3000, 2)),
                pile("fin-unanswered", n -> Sockets.accepted(LAST_ACK, n, 9_000).timer(SocketTimer.Kind.RETRANSMIT, 4)),
                pile(
                        "half-open",
                        n -> Sockets.accepted(ESTABLISHED, n, 90_000)
                                .unsent(100)
                                .timer(SocketTimer.Kind.RETRANSMIT, 5)),
                pile(
                        "zero-window",
                        n -> Sockets.accepted(ESTABLISHED, n, 0)
                                .unsent(50_000)
                                .timer(SocketTimer.Kind.PROBE, 0)
                                .activity(Sockets.probed(8))),
                pile(
                        "not-reading",
                        n -> Sockets.accepted(ESTABLISHED, n, 90_000).unread(100)));
    }

    @ParameterizedTest
    @MethodSource("piles")
    void thatStayAreJudgedInGoodTime(String cause, IntFunction<Sockets> socket) {
        List<SocketRow> all = new ArrayList<>(List.of(LISTENER));
        Looks looks = new Looks().holders(LISTENER, Looks.PID);
        for (int number = 0; number < MANY; number++) {
            SocketRow row = socket.apply(number).row();
            all.add(row);
            if (row.isHeld()) {
                looks.holders(row, Looks.PID);
            }
        }
        assertThat(Looks.causes(
                        looks.after(Duration.ZERO, all).after(FIVE_SECONDS, all).diagnosis()))
                .contains(cause);
    }

    @Test
    void thatComeAndGoAreJudgedInGoodTime() {
        Looks looks = new Looks().holders(LISTENER, Looks.PID);
        for (int look = 0; look < 4; look++) {
            List<SocketRow> some = new ArrayList<>(List.of(LISTENER));
            for (int number = 0; number < MANY / 2; number++) {
                SocketRow row = Sockets.accepted(CLOSE_WAIT, look * MANY / 4 + number, 2_000)
                        .row();
                some.add(row);
                looks.holders(row, Looks.PID);
            }
            looks.after(Duration.ofSeconds(1), some);
        }
        assertThat(Looks.causes(looks.diagnosis())).contains("slow-close");
    }

    private static Arguments pile(String cause, IntFunction<Sockets> socket) {
        return arguments(cause, socket);
    }
}
