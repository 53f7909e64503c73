package io.tcplab.experiments.ladder;

import static io.tcplab.experiments.Role.CLIENT;
import static io.tcplab.experiments.Role.SERVER;
import static io.tcplab.experiments.ladder.Script.look;
import static io.tcplab.experiments.ladder.Script.nothing;
import static io.tcplab.experiments.ladder.Script.ofClient;
import static io.tcplab.experiments.ladder.Script.ofServer;
import static io.tcplab.kernel.sockets.TcpState.CLOSE;
import static io.tcplab.kernel.sockets.TcpState.CLOSE_WAIT;
import static io.tcplab.kernel.sockets.TcpState.ESTABLISHED;
import static io.tcplab.kernel.sockets.TcpState.LISTEN;
import static io.tcplab.kernel.sockets.TcpState.SYN_RECV;
import static io.tcplab.kernel.sockets.TcpState.SYN_SENT;
import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.kernel.transitions.Recording;
import io.tcplab.kernel.transitions.Transition;
import io.tcplab.kernel.wire.TcpFlag;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class GapsTest {
    private static final List<Transition> OPENED =
            List.of(ofClient(1, CLOSE, SYN_SENT), ofClient(3, SYN_SENT, ESTABLISHED));

    @Test
    void aChainFromTheFirstStateToTheOneThatIsSeenHasNone() {
        assertThat(Gaps.none(OPENED, List.of(look(2, CLIENT, SYN_SENT), look(5, CLIENT, ESTABLISHED))))
                .isTrue();
        assertThat(Gaps.none(
                        List.of(
                                ofServer(2, LISTEN, SYN_RECV),
                                ofServer(3, SYN_RECV, ESTABLISHED),
                                ofServer(4, ESTABLISHED, CLOSE)),
                        List.of(nothing(9, SERVER))))
                .isTrue();
    }

    @Test
    void aSecondSocketWithTheSameEndsBeginsAnotherChain() {
        assertThat(Gaps.none(
                        List.of(
                                ofClient(1, CLOSE, SYN_SENT),
                                ofClient(2, SYN_SENT, CLOSE),
                                ofClient(7, CLOSE, SYN_SENT)),
                        List.of()))
                .isTrue();
    }

    @Test
    void theFirstTheMiddleOrTheLastMayBeMissing() {
        assertThat(Gaps.none(OPENED.subList(1, 2), List.of())).isFalse();
        assertThat(Gaps.none(List.of(OPENED.getFirst(), ofClient(9, CLOSE_WAIT, CLOSE)), List.of()))
                .isFalse();
        assertThat(Gaps.none(OPENED, List.of(look(5, CLIENT, ESTABLISHED), look(8, CLIENT, CLOSE_WAIT))))
                .isFalse();
    }

    @Test
    void aRecordingThatLostSomethingElseStillTellsTheMoments() {
        Ladder ladder = ladder(new Recording(OPENED, 1));
        assertThat(ladder.notes()).isEmpty();
        assertThat(entered(ladder)).containsExactly(SYN_SENT, ESTABLISHED);
    }

    @Test
    void aHostWhoseOwnChangeWasLostIsSeenBySockDiagAndThatIsTold() {
        Ladder ladder = ladder(new Recording(OPENED.subList(1, 2), 1));
        assertThat(ladder.notes())
                .containsExactly(
                        "client: state changes by sock_diag only, so their times are late by up to 50 ms: one of"
                                + " the connection's changes was lost");
        assertThat(entered(ladder)).containsExactly(ESTABLISHED);
    }

    private static Ladder ladder(Recording recording) {
        return LadderAssembly.of(
                List.of(Script.fromClient(2, 1, 0, TcpFlag.SYN)),
                Optional.of(recording),
                List.of(look(6, CLIENT, ESTABLISHED)),
                List.of());
    }

    private static List<Object> entered(Ladder ladder) {
        return ladder.events().stream()
                .filter(LadderEvent.Entered.class::isInstance)
                .<Object>map(event -> ((LadderEvent.Entered) event).state())
                .toList();
    }
}
