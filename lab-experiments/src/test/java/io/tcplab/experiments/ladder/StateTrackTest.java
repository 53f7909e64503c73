package io.tcplab.experiments.ladder;

import static io.tcplab.experiments.Role.CLIENT;
import static io.tcplab.experiments.Role.SERVER;
import static io.tcplab.experiments.ladder.Script.look;
import static io.tcplab.experiments.ladder.Script.nothing;
import static io.tcplab.experiments.ladder.Script.ofClient;
import static io.tcplab.experiments.ladder.Script.ofServer;
import static io.tcplab.kernel.sockets.TcpState.CLOSE;
import static io.tcplab.kernel.sockets.TcpState.ESTABLISHED;
import static io.tcplab.kernel.sockets.TcpState.FIN_WAIT1;
import static io.tcplab.kernel.sockets.TcpState.FIN_WAIT2;
import static io.tcplab.kernel.sockets.TcpState.LISTEN;
import static io.tcplab.kernel.sockets.TcpState.SYN_RECV;
import static io.tcplab.kernel.sockets.TcpState.SYN_SENT;
import static io.tcplab.kernel.sockets.TcpState.TIME_WAIT;
import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.experiments.Role;
import io.tcplab.kernel.transitions.Transition;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StateTrackTest {

    @Test
    void transitionsTellTheMomentAndLooksBetweenThemAreNotNeeded() {
        assertThat(track(
                        CLIENT,
                        List.of(ofClient(1, CLOSE, SYN_SENT), ofClient(5, SYN_SENT, ESTABLISHED)),
                        List.of(look(2, CLIENT, SYN_SENT), look(4, CLIENT, ESTABLISHED), look(6, CLIENT, ESTABLISHED))))
                .containsExactly("1 SYN_SENT", "5 ESTABLISHED");
    }

    @Test
    void aMinisocketTakesTheFullOnesPlaceAtTheMomentAtWhichThatCloses() {
        assertThat(track(
                        CLIENT,
                        List.of(
                                ofClient(1, ESTABLISHED, FIN_WAIT1),
                                ofClient(3, FIN_WAIT1, FIN_WAIT2),
                                ofClient(5, FIN_WAIT2, CLOSE)),
                        List.of(look(4, CLIENT, FIN_WAIT2), look(9, CLIENT, TIME_WAIT), nothing(60, CLIENT))))
                .containsExactly("1 FIN_WAIT_1", "3 FIN_WAIT_2", "5 TIME_WAIT", "60 ~CLOSED");
    }

    @Test
    void anOrphanStaysInFinWait2WhenItsSocketHasClosed() {
        assertThat(track(
                        CLIENT,
                        List.of(ofClient(1, ESTABLISHED, FIN_WAIT1), ofClient(3, FIN_WAIT1, CLOSE)),
                        List.of(look(4, CLIENT, FIN_WAIT2), nothing(60, CLIENT))))
                .containsExactly("1 FIN_WAIT_1", "3 FIN_WAIT_2", "60 ~CLOSED");
    }

    @Test
    void whatLeavesNothingBehindIsClosedAtOnce() {
        assertThat(track(CLIENT, List.of(ofClient(3, SYN_SENT, CLOSE)), List.of(nothing(4, CLIENT))))
                .isEmpty(); // it began as CLOSED
        assertThat(track(
                        CLIENT,
                        List.of(ofClient(1, CLOSE, SYN_SENT), ofClient(3, SYN_SENT, CLOSE)),
                        List.of(nothing(4, CLIENT))))
                .containsExactly("1 SYN_SENT", "3 CLOSED");
    }

    @Test
    void aRequestSocketIsSeenUntilItsLastAckMakesItAFullOne() {
        assertThat(track(
                        SERVER,
                        List.of(ofServer(9, LISTEN, SYN_RECV), ofServer(10, SYN_RECV, ESTABLISHED)),
                        List.of(look(3, SERVER, SYN_RECV), look(5, SERVER, SYN_RECV), look(8, SERVER, ESTABLISHED))))
                .containsExactly("3 ~SYN_RECV", "10 ESTABLISHED");
    }

    @Test
    void aRequestSocketMayGoWithoutEverBecomingOne() {
        assertThat(track(SERVER, List.of(), List.of(look(3, SERVER, SYN_RECV), nothing(64, SERVER))))
                .containsExactly("3 ~SYN_RECV", "64 ~CLOSED");
    }

    @Test
    void withoutTransitionsAllIsSeen() {
        List<LadderEvent.Entered> entered = StateTrack.of(
                CLIENT,
                Optional.empty(),
                List.of(
                        look(2, CLIENT, SYN_SENT),
                        look(3, CLIENT, ESTABLISHED),
                        look(4, CLIENT, ESTABLISHED),
                        nothing(5, CLIENT)));
        assertThat(entered).map(StateTrackTest::text).containsExactly("2 ~SYN_SENT", "3 ~ESTABLISHED", "5 ~CLOSED");
    }

    private static List<String> track(Role host, List<Transition> transitions, List<Look> looks) {
        return StateTrack.of(host, Optional.of(transitions), looks).stream()
                .map(StateTrackTest::text)
                .toList();
    }

    private static String text(LadderEvent.Entered entered) {
        return entered.atNanos() / 1_000 + " " + (entered.seen() ? "~" : "")
                + entered.state().label();
    }
}
