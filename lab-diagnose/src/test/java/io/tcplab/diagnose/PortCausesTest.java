package io.tcplab.diagnose;

import static io.tcplab.kernel.sockets.TcpState.CLOSE;
import static io.tcplab.kernel.sockets.TcpState.ESTABLISHED;
import static io.tcplab.kernel.sockets.TcpState.FIN_WAIT2;
import static io.tcplab.kernel.sockets.TcpState.TIME_WAIT;
import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.diagnose.causes.Certainty;
import io.tcplab.diagnose.causes.Finding;
import io.tcplab.diagnose.sample.Activity;
import io.tcplab.diagnose.sample.Scope;
import io.tcplab.diagnose.sample.Settings;
import io.tcplab.diagnose.sample.SocketRow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Ports that run out, or that somebody holds who shouldn't. */
class PortCausesTest {
    private static final String SOURCE = "10.0.0.1";

    /** A port each, over four destinations: connect() would have used some twice. */
    @Test
    void bindBeforeConnectTakesAPortForAllDestinations() {
        Finding finding = Looks.only(ports("40000 40063", "", bound(64)).diagnosis());
        assertThat(finding.cause()).isEqualTo("ports-exhausted");
        assertThat(finding.title()).contains("on 10.0.0.1").contains("64 of 64");
        assertThat(finding.advice()).contains("IP_BIND_ADDRESS_NO_PORT");
        assertThat(finding.evidence()).anyMatch(line -> line.contains("no connection here shares its port"));
    }

    @Test
    void reservedPortsAreNotFree() {
        Finding finding =
                Looks.only(ports("40000 40079", "40064-40079", bound(64)).diagnosis());
        assertThat(finding.title()).contains("64 of 64");
        assertThat(finding.evidence()).anyMatch(line -> line.contains("40000–40079, 16 of them reserved"));
        assertThat(ports("40000 40099", "8080,40064", bound(64)).diagnosis().findings())
                .as("64 of 99")
                .isEmpty();
    }

    /** Sixteen ports, each for four destinations. */
    @Test
    void portsThatConnectHasSharedOutAreNotTakenForAll() {
        List<SocketRow> shared = IntStream.range(0, 64)
                .mapToObj(n -> Sockets.opened(ESTABLISHED, n, 10)
                        .endpoints(SOURCE, 40_000 + n % 16, "10.0.1." + n / 16, 9507)
                        .row())
                .toList();
        assertThat(ports("40000 40019", "", shared).diagnosis().findings())
                .as("each destination has 16 of 20")
                .singleElement()
                .satisfies(finding -> assertThat(finding.title()).contains("from 10.0.0.1 to 10.0.1."));
        assertThat(ports("40000 40063", "", shared).diagnosis().findings()).isEmpty();
    }

    @Test
    void eachSourceHasPortsOfItsOwn() {
        List<SocketRow> two = IntStream.range(0, 64)
                .mapToObj(n -> Sockets.opened(ESTABLISHED, n, 10)
                        .endpoints("10.0.0." + (1 + n % 2), 40_000 + n, "10.0.1." + n % 4, 9507)
                        .row())
                .toList();
        assertThat(ports("40000 40063", "", two).diagnosis().findings()).isEmpty();
    }

    @Test
    void socketsThatAreOnlyBoundTakePorts() {
        SocketRow[] idle = IntStream.range(0, 60)
                .mapToObj(n -> Sockets.opened(CLOSE, n, 0)
                        .endpoints(SOURCE, 40_000 + n, "0.0.0.0", 0)
                        .activity(null)
                        .row())
                .toArray(SocketRow[]::new);
        Finding finding = Looks.only(ports("40000 40063", "", List.of())
                .bound(idle)
                .after(Duration.ofSeconds(1), List.of())
                .diagnosis());
        assertThat(finding.title()).contains("60 of 64");
        assertThat(finding.advice()).contains("only bound");
    }

    /** tcp_tw_reuse takes over what has been in TIME_WAIT for a second. */
    @Test
    void timeWaitThatMayBeReusedIsNoExhaustion() {
        assertThat(timeWait("1", 30_000).findings()).isEmpty();
        assertThat(Looks.causes(timeWait("1", 59_500))).containsExactly("ports-exhausted");
        assertThat(Looks.causes(timeWait("0", 30_000))).containsExactly("ports-exhausted");
        assertThat(Looks.causes(timeWait("2", 30_000))).as("not on loopback").containsExactly("ports-exhausted");
    }

    @Test
    void clientsOfAPortAreLookedAtThoughItsServerIsNamed() {
        Looks looks = ports("40000 40063", "", List.of());
        List<SocketRow> all = new ArrayList<>(List.of(Sockets.listener(0, 128)));
        for (int n = 0; n < 60; n++) {
            all.add(Sockets.opened(TIME_WAIT, n, 0)
                    .endpoints("127.0.0.1", 40_000 + n, "127.0.0.1", Sockets.PORT)
                    .minisocket(59_900)
                    .row());
        }
        assertThat(Looks.causes(looks.scope(new Scope.OnPort(Sockets.PORT))
                        .after(Duration.ofSeconds(1), all)
                        .diagnosis()))
                .containsExactly("ports-exhausted");
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1", "::ffff:127.0.0.1"})
    void aSocketThatIsItsOwnPeer(String address) {
        SocketRow self = Sockets.opened(ESTABLISHED, 2, 10)
                .endpoints(address, 40_002, address, 40_002)
                .row();
        Diagnosis diagnosis = new Looks()
                .scope(new Scope.OnPort(40_002))
                .holders(self, Looks.PID)
                .after(Duration.ZERO, List.of(self))
                .after(Duration.ofSeconds(5), List.of(self))
                .diagnosis();
        Finding finding = Looks.only(diagnosis);
        assertThat(finding.cause()).isEqualTo("self-connected");
        assertThat(finding.certainty()).isEqualTo(Certainty.CERTAIN);
        assertThat(finding.evidence()).anyMatch(line -> line.contains("fd 5 of 7"));
        assertThat(finding.advice()).contains("ip_local_reserved_ports");
        assertThat(finding.experiment()).isEqualTo("simultaneous-open");
    }

    @Test
    void theSamePortOnAnotherAddressIsAnother() {
        SocketRow two = Sockets.opened(ESTABLISHED, 2, 10)
                .endpoints("127.0.0.1", 40_002, "127.0.0.2", 40_002)
                .row();
        assertThat(Looks.causes(Looks.unchanged(two))).isEmpty();
    }

    @Test
    void aClientOnThePortOfAServer() {
        SocketRow client = Sockets.opened(ESTABLISHED, 2, 10).row();
        Diagnosis diagnosis = asked(client);
        Finding finding = Looks.only(diagnosis);
        assertThat(finding.cause()).isEqualTo("port-taken");
        assertThat(finding.title()).contains("nobody listens on port 40002").contains("10.0.0.2:5432");
        assertThat(finding.evidence()).anyMatch(line -> line.contains("fd 5 of 7"));
    }

    /** It has closed its listener and ends what is left: a server that is stopped gracefully. */
    @Test
    void whatAServerThatDrainsHasAcceptedIsItsOwn() {
        SocketRow accepted = Sockets.opened(ESTABLISHED, 2, 10)
                .activity(new Activity(10, 10, 10, 101, 100, 0, 65_535, 65_535, 204_000, 0, 7, 0))
                .row();
        Diagnosis diagnosis = asked(accepted);
        Looks.assertOnlyObserves(diagnosis, "nobody listens on port 40002; 1 in ESTABLISHED is left on it");
    }

    @Test
    void anOrphanOnThePortOfAServer() {
        SocketRow orphan = Sockets.opened(FIN_WAIT2, 2, 10).minisocket(50_000).row();
        Finding finding = Looks.only(asked(orphan));
        assertThat(finding.cause()).isEqualTo("port-taken");
        assertThat(finding.evidence()).anyMatch(line -> line.contains("no process has a descriptor"));
        assertThat(finding.certainty()).as("who opened it isn't known").isEqualTo(Certainty.POSSIBLE);
    }

    /** Its clients don't close, so it leaves FIN_WAIT_2, on a port that connect() doesn't choose. */
    @Test
    void whatAServerThatWasKilledHasLeftIsItsOwn() {
        SocketRow orphan = Sockets.accepted(FIN_WAIT2, 2, 10).minisocket(50_000).row();
        Diagnosis diagnosis = asked(orphan);
        Looks.assertOnlyObserves(diagnosis, "nobody listens on port 8080; 1 in FIN_WAIT_2 is left on it");
    }

    @Test
    void aSocketThatIsOnlyBoundOnThePortOfAServer() {
        SocketRow bound = Sockets.opened(CLOSE, 2, 0)
                .endpoints("0.0.0.0", 40_002, "0.0.0.0", 0)
                .activity(null)
                .row();
        Diagnosis diagnosis = new Looks()
                .scope(new Scope.OnPort(40_002))
                .holders(bound, Looks.PID)
                .bound(bound)
                .after(Duration.ZERO, List.of())
                .after(Duration.ofSeconds(5), List.of())
                .diagnosis();
        assertThat(Looks.only(diagnosis).title()).contains("only bound");
    }

    @Test
    void timeWaitOnThePortOfAServerIsTold() {
        SocketRow left = Sockets.opened(TIME_WAIT, 2, 10).minisocket(42_000).row();
        Diagnosis diagnosis = asked(left);
        Looks.assertOnlyObserves(diagnosis, "nobody listens on port 40002; 1 in TIME_WAIT is left on it", "42 s");
    }

    @Test
    void aPortOnWhichSomebodyListensIsNotTaken() {
        SocketRow client = Sockets.accepted(ESTABLISHED, 2, 10).row();
        assertThat(Looks.causes(new Looks()
                        .scope(new Scope.OnPort(Sockets.PORT))
                        .after(Duration.ofSeconds(1), List.of(Sockets.listener(0, 5), client))
                        .diagnosis()))
                .isEmpty();
    }

    private static Diagnosis asked(SocketRow socket) {
        return new Looks()
                .scope(new Scope.OnPort(socket.localPort()))
                .holders(socket, Looks.PID)
                .after(Duration.ZERO, List.of(socket))
                .after(Duration.ofSeconds(5), List.of(socket))
                .diagnosis();
    }

    private static Diagnosis timeWait(String reuse, long millisLeft) {
        List<SocketRow> sockets = IntStream.range(0, 60)
                .mapToObj(n ->
                        Sockets.opened(TIME_WAIT, n, 0).minisocket(millisLeft).row())
                .toList();
        return ports("40000 40063", "", sockets)
                .sysctl(Settings.TW_REUSE, reuse)
                .sysctl(Settings.TIMESTAMPS, "1")
                .after(Duration.ofSeconds(1), sockets)
                .diagnosis();
    }

    private static Looks ports(String range, String reserved, List<SocketRow> sockets) {
        return new Looks()
                .sysctl(Settings.PORT_RANGE, range)
                .sysctl(Settings.RESERVED_PORTS, reserved)
                .after(Duration.ZERO, sockets)
                .after(Duration.ofSeconds(5), sockets);
    }

    private static List<SocketRow> bound(int count) {
        return IntStream.range(0, count)
                .mapToObj(n -> Sockets.opened(ESTABLISHED, n, 10)
                        .endpoints(SOURCE, 40_000 + n, "10.0.1." + n % 4, 9507)
                        .row())
                .toList();
    }
}
