package io.tcplab.serve;

import static io.tcplab.kernel.sockets.TcpState.CLOSE;
import static io.tcplab.kernel.sockets.TcpState.CLOSE_WAIT;
import static io.tcplab.kernel.sockets.TcpState.ESTABLISHED;
import static io.tcplab.kernel.sockets.TcpState.LISTEN;
import static io.tcplab.kernel.sockets.TcpState.TIME_WAIT;
import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.diagnose.sample.SocketRow;
import io.tcplab.kernel.sockets.SocketTimer;
import io.tcplab.kernel.sockets.TcpState;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What the differences of two looks show. */
class CensusFlowTest {
    private static final InetAddress SERVER = InetAddress.ofLiteral("10.0.0.1");
    private static final InetAddress CLIENT = InetAddress.ofLiteral("10.0.0.2");

    @Test
    void aSocketIsKnownAgainByItsEnds() {
        assertThat(between(
                        List.of(socket(1, ESTABLISHED), socket(2, ESTABLISHED), socket(3, TIME_WAIT)),
                        List.of(socket(2, CLOSE_WAIT), socket(1, ESTABLISHED), socket(4, ESTABLISHED))))
                .isEqualTo(Map.of(
                        edge(ESTABLISHED, CLOSE_WAIT), 1L, edge(TIME_WAIT, CLOSE), 1L, edge(CLOSE, ESTABLISHED), 1L));
    }

    @Test
    void nothingChangesWhereNothingDid() {
        assertThat(between(List.of(socket(1, LISTEN)), List.of(socket(1, LISTEN))))
                .isEmpty();
        assertThat(between(List.of(), List.of())).isEmpty();
    }

    @Test
    void socketsOfOthersDoNotCount() {
        assertThat(CensusFlow.between(List.of(), List.of(socket(1, ESTABLISHED)), socket -> false))
                .isEmpty();
    }

    @Test
    void inAnyOrderAndOfVeryMany() {
        List<SocketRow> before = new ArrayList<>();
        List<SocketRow> after = new ArrayList<>();
        for (int i = 0; i < 300_000; i++) {
            before.add(socket(i, ESTABLISHED));
            after.add(socket(i, i % 3 == 0 ? CLOSE_WAIT : ESTABLISHED));
        }
        Collections.shuffle(before, new Random(1));
        assertThat(between(before, after)).isEqualTo(Map.of(edge(ESTABLISHED, CLOSE_WAIT), 100_000L));
    }

    private static Map<EdgeRates.Edge, Long> between(List<SocketRow> before, List<SocketRow> after) {
        return CensusFlow.between(before, after, socket -> true);
    }

    private static EdgeRates.Edge edge(TcpState from, TcpState to) {
        return new EdgeRates.Edge(from, to);
    }

    /** Each number is another peer. */
    private static SocketRow socket(int number, TcpState state) {
        return new SocketRow(
                state,
                SERVER,
                80 + number / 60_000,
                CLIENT,
                number % 60_000,
                0,
                0,
                0,
                0,
                SocketTimer.Kind.NONE,
                0,
                0,
                0,
                null,
                false,
                0);
    }
}
