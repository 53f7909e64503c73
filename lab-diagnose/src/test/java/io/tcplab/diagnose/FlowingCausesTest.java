package io.tcplab.diagnose;

import static io.tcplab.kernel.sockets.TcpState.CLOSE_WAIT;
import static io.tcplab.kernel.sockets.TcpState.CLOSING;
import static io.tcplab.kernel.sockets.TcpState.ESTABLISHED;
import static io.tcplab.kernel.sockets.TcpState.FIN_WAIT1;
import static io.tcplab.kernel.sockets.TcpState.LAST_ACK;
import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.diagnose.causes.Certainty;
import io.tcplab.diagnose.causes.Finding;
import io.tcplab.diagnose.sample.Activity;
import io.tcplab.diagnose.sample.Scope;
import io.tcplab.diagnose.sample.SocketRow;
import io.tcplab.kernel.sockets.SocketTimer;
import io.tcplab.kernel.sockets.TcpState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

/** Open connections: windows that are closed, numbers that grow, and how they end. */
class FlowingCausesTest {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final SocketRow LISTENER = Sockets.listener(0, 128);

    @Test
    void aPeerThatAnswersEachProbeIsASlowReader() {
        assertThat(Looks.causes(probed(0, 12_000))).containsExactly("zero-window");
        assertThat(Looks.causes(probed(1, 300))).as("one is under way").containsExactly("zero-window");
    }

    @Test
    void probesThatGetNoAnswerAreADeadPath() {
        Finding finding = Looks.only(probed(3, 40_000));
        assertThat(finding.cause()).isEqualTo("half-open");
        assertThat(finding.evidence())
                .anyMatch(line -> line.contains("up to 3 consecutive unanswered" + " retransmissions or probes"));
        assertThat(finding.advice()).contains("keeps its window closed");
    }

    @Test
    void aKeepaliveProbeThatIsUnderWayIsNotUnanswered() {
        SocketRow asking = Sockets.accepted(ESTABLISHED, 1, 60_000)
                .timer(SocketTimer.Kind.KEEPALIVE, 1)
                .row();
        SocketRow quiet = Sockets.accepted(ESTABLISHED, 1, 60_000)
                .timer(SocketTimer.Kind.KEEPALIVE, 0)
                .row();
        Looks looks = new Looks().after(Duration.ZERO, List.of(LISTENER, quiet));
        assertThat(looks.after(SECOND, List.of(LISTENER, asking)).diagnosis().findings())
                .isEmpty();
        assertThat(Looks.causes(looks.after(SECOND.multipliedBy(5), List.of(LISTENER, asking))
                        .diagnosis()))
                .isEmpty();
        assertThat(Looks.causes(Looks.unchanged(LISTENER, asking))).containsExactly("half-open");
    }

    /** That nobody closes it is found already; that nobody asks the peer, which has closed, is no matter. */
    @Test
    void onlyWhatIsOpenWantsAKeepalive() {
        assertThat(Looks.causes(Looks.unchanged(
                        LISTENER, Sockets.accepted(ESTABLISHED, 1, 7_200_000).row())))
                .containsExactly("half-open");
        assertThat(Looks.causes(Looks.unchanged(
                        LISTENER, Sockets.accepted(CLOSE_WAIT, 1, 7_200_000).row())))
                .containsExactly("eof-read-not-closed");
    }

    /** As to a collector of logs: data that acknowledges nothing new may leave the kernel's time of the last ACK as it was. */
    @Test
    void whoOnlySendsIsNotSilent() {
        Activity collecting = new Activity(9_000_000, 40, 9_000_000, 101, 100, 0, 65_535, 65_535, 204_000, 0, 7, 0);
        SocketRow collector =
                Sockets.accepted(ESTABLISHED, 1, 0).activity(collecting).row();
        assertThat(collector.silentMillis(0)).isEqualTo(40);
        assertThat(Looks.unchanged(LISTENER, collector).findings()).isEmpty();
    }

    /** close() puts a FIN behind what a closed window holds back; the peer's own FIN may come meanwhile. */
    @Test
    void aFinMayWaitBehindAClosedWindowInEachStateThatHasOne() {
        for (TcpState state : List.of(FIN_WAIT1, CLOSING, LAST_ACK)) {
            SocketRow row = Sockets.accepted(state, 1, 0)
                    .unsent(1000)
                    .timer(SocketTimer.Kind.PROBE, 0)
                    .activity(Sockets.probed(9))
                    .row();
            assertThat(Looks.causes(Looks.unchanged(LISTENER, row)))
                    .as(state.label())
                    .containsExactly("zero-window");
        }
    }

    @Test
    void aPeerThatIsGoneAfterItsFinIsTold() {
        Finding finding = Looks.unchanged(
                        LISTENER,
                        Sockets.accepted(CLOSE_WAIT, 1, 60_000)
                                .unsent(100)
                                .timer(SocketTimer.Kind.RETRANSMIT, 5)
                                .row())
                .findings()
                .getLast();
        assertThat(finding.cause()).isEqualTo("half-open");
        assertThat(finding.state()).hasValue(CLOSE_WAIT);
    }

    @Test
    void aClientForEachRequest() {
        Looks looks = growing(n -> opened(n, 10_000));
        Finding finding = Looks.only(looks.diagnosis());
        assertThat(finding.cause()).isEqualTo("connections-growing");
        assertThat(finding.title())
                .contains("10.0.0.2:5432")
                .contains("none was closed")
                .contains("used once");
        assertThat(finding.change()).isEqualTo(18);
    }

    @Test
    void connectionsThatAreUsedAgainAreALoad() {
        assertThat(growing(n -> opened(n, 10)).diagnosis().findings()).isEmpty();
    }

    @Test
    void aServerWhoseClientsBecomeMoreIsNotIll() {
        Diagnosis diagnosis =
                growing(n -> Sockets.accepted(ESTABLISHED, n, 10_000)).diagnosis();
        Looks.assertOnlyObserves(diagnosis, "connections-growing (possible): the connections accepted on");
        assertThat(growing(n -> Sockets.accepted(ESTABLISHED, n, 10))
                        .diagnosis()
                        .observations())
                .noneMatch(line -> line.contains("connections-growing"));
    }

    /** All at once, and then no more. */
    @Test
    void aPoolThatIsFilledIsNotGrowing() {
        Looks looks = new Looks().after(Duration.ZERO, List.of(LISTENER));
        List<SocketRow> pool = new ArrayList<>(List.of(LISTENER));
        for (int n = 0; n < 20; n++) {
            pool.add(opened(n, 10_000).row());
        }
        for (int look = 0; look < 6; look++) {
            looks.after(SECOND, pool);
        }
        assertThat(looks.diagnosis().findings()).isEmpty();
    }

    @Test
    void connectionsThatAreClosedAreNotGrowing() {
        Looks looks = new Looks();
        for (int look = 0; look < 7; look++) {
            List<SocketRow> some = new ArrayList<>(List.of(LISTENER));
            for (int n = look * 3; n < look * 3 + 9; n++) {
                some.add(opened(n, 10_000).row());
            }
            looks.after(SECOND, some);
        }
        assertThat(looks.diagnosis().findings()).isEmpty();
    }

    @Test
    void aTimeoutSendsNoRst() {
        Looks looks = counting("TcpExtTCPAbortOnTimeout", 0);
        Finding finding = Looks.only(looks.diagnosis());
        assertThat(finding.cause()).isEqualTo("half-open");
        assertThat(finding.title()).doesNotContain("RST");
    }

    @Test
    void lingerOfAConnectUnderWayIsNoReset() {
        Diagnosis diagnosis = counting("TcpExtTCPAbortOnData", 0).diagnosis();
        assertThat(diagnosis.findings()).isEmpty();
        assertThat(diagnosis.observations()).anyMatch(line -> line.contains("during connect(): no RST"));
    }

    /** The counters are the namespace's, and somebody else nearly always has connections in it. */
    @Test
    void whoeverElseHasConnectionsIsNamedBesideWhatTheNamespaceCounts() {
        Looks looks = counting("TcpExtTCPAbortOnClose", 10).scope(new Scope.OnPort(Sockets.PORT));
        Finding alone = Looks.only(looks.diagnosis());
        assertThat(alone.cause()).isEqualTo("resets");
        assertThat(alone.certainty()).isEqualTo(Certainty.LIKELY);
        assertThat(alone.because()).contains("no other program had a connection");
        SocketRow client = Sockets.opened(ESTABLISHED, 1, 10).row();
        Finding beside = Looks.only(looks.holders(client, 4711)
                .after(SECOND, List.of(LISTENER, client))
                .diagnosis());
        assertThat(beside.cause()).isEqualTo("resets");
        assertThat(beside.certainty()).isEqualTo(Certainty.POSSIBLE);
        assertThat(beside.because())
                .contains("another program may be the cause; others in it have up to 1" + " connection: 4711");
    }

    @Test
    void whoeverElseHasConnectionsIsNamedBesideWhatTheNamespaceGaveUp() {
        SocketRow client = Sockets.opened(ESTABLISHED, 1, 10).row();
        Finding finding = Looks.only(counting("TcpExtTCPAbortOnTimeout", 0)
                .scope(new Scope.OnPort(Sockets.PORT))
                .after(SECOND, List.of(LISTENER, client))
                .diagnosis());
        assertThat(finding.cause()).isEqualTo("half-open");
        assertThat(finding.certainty()).isEqualTo(Certainty.POSSIBLE);
        assertThat(finding.because()).contains("owners unknown");
    }

    /** Ten a second, of twenty connections, and so many RSTs. */
    private static Looks counting(String counter, long rsts) {
        Looks looks = new Looks();
        for (int i = 0; i < 5; i++) {
            looks.counter(counter, 10L * i)
                    .counter("TcpPassiveOpens", 20L * i)
                    .counter("TcpOutRsts", rsts * i)
                    .after(SECOND, List.of(LISTENER));
        }
        return looks;
    }

    /** Three more at each of seven looks. */
    private static Looks growing(IntFunction<Sockets> socket) {
        Looks looks = new Looks();
        for (int look = 0; look < 7; look++) {
            List<SocketRow> some = new ArrayList<>(List.of(LISTENER));
            for (int n = 0; n < look * 3 + 6; n++) {
                some.add(socket.apply(n).row());
            }
            looks.after(SECOND, some);
        }
        return looks;
    }

    private static Sockets opened(int number, long quietMillis) {
        return Sockets.opened(ESTABLISHED, number, quietMillis);
    }

    /** The window has been closed for 51 s, the last probe was sent half a minute ago or, of one under way, a moment ago. */
    private static Diagnosis probed(int unanswered, long silentMillis) {
        Activity activity = new Activity(600_000, 600_000, silentMillis, 101, 100, 0, 0, 65_535, 204_000, 8, 7, -1);
        SocketRow row = Sockets.accepted(ESTABLISHED, 1, 0)
                .unsent(50_000)
                .timer(SocketTimer.Kind.PROBE, unanswered)
                .activity(activity)
                .firesIn(20_000)
                .row();
        return Looks.unchanged(LISTENER, row);
    }
}
