package io.tcplab.kernel.sockets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CensusTest {
    /** idiag_state in struct inet_diag_msg. */
    private static final int STATE = 1;

    private static final List<String> MESSAGES =
            List.of("listen-ipv6", "established-inet", "established-ipv6", "time_wait-v4mapped");

    @Test
    void countsAndSelectsByState() {
        Census census = SockDiag.census(wholeAt(1, new AtomicInteger()), SocketQuery.all());
        assertThat(census.count(TcpState.ESTABLISHED)).isEqualTo(2);
        assertThat(census.count(TcpState.CLOSE_WAIT)).isZero();
        assertThat(census.in(TcpState.LISTEN))
                .singleElement()
                .satisfies(listener -> assertThat(listener.backlog()).isEqualTo(5));
        assertThat(census.counts().total()).isEqualTo(4);
    }

    @Test
    void countingWithoutAListGivesTheSame() {
        Census census = SockDiag.census(wholeAt(1, new AtomicInteger()), SocketQuery.all());
        StateCounts counts = SockDiag.counts(wholeAt(1, new AtomicInteger()), SocketQuery.all());
        assertThat(counts.byState())
                .isEqualTo(census.counts().byState())
                .containsOnlyKeys(TcpState.reported())
                .containsEntry(TcpState.SYN_SENT, 0);
    }

    @ParameterizedTest
    @CsvSource({"1, 1, true", "2, 2, true", "3, 3, true", "4, 3, false"})
    void anInterruptedDumpIsTakenAgainThreeTimesAtMost(int wholeAt, int dumps, boolean complete) {
        AtomicInteger taken = new AtomicInteger();
        Census census = SockDiag.census(wholeAt(wholeAt, taken), SocketQuery.all());
        assertThat(taken).hasValue(dumps);
        assertThat(census.complete()).isEqualTo(complete);
        assertThat(census.sockets()).as("of the last try only").hasSize(MESSAGES.size());
        taken.set(0);
        StateCounts counts = SockDiag.counts(wholeAt(wholeAt, taken), SocketQuery.all());
        assertThat(taken).hasValue(dumps);
        assertThat(counts.complete()).isEqualTo(complete);
        assertThat(counts.total()).isEqualTo(MESSAGES.size());
    }

    @ParameterizedTest
    @CsvSource({"0, 1", "1, 2", "2, 3", "3, 3"})
    void aCensusInWhichASocketIsLeavingIsTakenAgainThreeTimesAtMost(int leaving, int dumps) {
        AtomicInteger taken = new AtomicInteger();
        Census census = SockDiag.census(leavingUntil(leaving, taken), SocketQuery.all());
        assertThat(taken).hasValue(dumps);
        assertThat(census.count(TcpState.TIME_WAIT)).isEqualTo(leaving < dumps ? 1 : 0);
        assertThat(census.complete()).isTrue();
        taken.set(0);
        assertThat(SockDiag.raw(leavingUntil(leaving, taken), SocketQuery.all()).complete())
                .isTrue();
        assertThat(taken).hasValue(dumps);
    }

    @Test
    void onlyListenersHaveAnAcceptQueue() {
        TcpSocket socket = DiagMessages.socket(Fixture.message("established-inet"));
        assertThatThrownBy(socket::acceptQueue)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("ESTABLISHED");
        assertThatThrownBy(socket::backlog).isInstanceOf(IllegalStateException.class);
    }

    /** A kernel that interrupts each dump before the n-th. */
    private static SockDiag.Source wholeAt(int n, AtomicInteger taken) {
        return (query, sockets) -> {
            MESSAGES.forEach(name -> sockets.socket(Protocol.TCP, Fixture.message(name)));
            return taken.incrementAndGet() >= n;
        };
    }

    /** A kernel in which a socket becomes a minisocket while it is listed, in the first dumps. */
    private static SockDiag.Source leavingUntil(int dumps, AtomicInteger taken) {
        return (query, sockets) -> {
            ByteBuffer leaving = Fixture.message("established-inet");
            leaving.put(leaving.position() + STATE, (byte) TcpState.CLOSE.number());
            boolean leaves = taken.incrementAndGet() <= dumps;
            sockets.socket(Protocol.TCP, leaves ? leaving : Fixture.message("time_wait-v4mapped"));
            return true;
        };
    }
}
