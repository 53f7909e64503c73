package io.tcplab.diagnose;

import static io.tcplab.kernel.sockets.TcpState.ESTABLISHED;
import static io.tcplab.kernel.sockets.TcpState.SYN_SENT;
import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.diagnose.causes.Certainty;
import io.tcplab.diagnose.causes.Finding;
import io.tcplab.diagnose.sample.Settings;
import io.tcplab.diagnose.sample.SocketRow;
import io.tcplab.kernel.sockets.SocketTimer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Openings that stop half way, or get no answer: what tells one reason from the other. */
class OpeningCausesTest {
    private static final SocketRow LISTENER = Sockets.listener(0, 128);
    private static final SocketRow SHORT = Sockets.listener(0, 3);

    /** Their timers have four seconds to run, and nothing was sent again: they have been acknowledged. */
    @Test
    void clientsThatSayNothingAreDeferredAndNoFlood() {
        Diagnosis diagnosis = lasting(many(30, n -> Sockets.request(n, 4000, 0)));
        Looks.assertOnlyObserves(diagnosis, "accept-deferred (certain): 30 handshakes", "30 on port 8080");
    }

    /** At the end of the deferral the SYN-ACK is sent once more, after 31 s. */
    @Test
    void theLastChanceOfADeferredOpeningIsNoLostAck() {
        Diagnosis diagnosis = lasting(many(30, n -> Sockets.request(n, 25_000, 1)));
        Looks.assertOnlyObserves(diagnosis, "accept-deferred (certain)");
    }

    @Test
    void whoseTimerFiresMeanwhileWithoutASynAckIsDeferred() {
        List<SocketRow> young = many(4, n -> Sockets.request(n, 900, 0));
        Looks looks = new Looks();
        for (int i = 0; i < 4; i++) {
            looks.after(Duration.ofMillis(600), with(LISTENER, young));
        }
        assertThat(looks.diagnosis().observations()).anyMatch(line -> line.startsWith("accept-deferred (certain)"));
    }

    @Test
    void earlyOnDeferralIsPossibleOnly() {
        List<SocketRow> young = many(4, n -> Sockets.request(n, 900, 0));
        Diagnosis diagnosis = new Looks()
                .counter("TcpExtTCPDeferAcceptDrop", 0)
                .after(Duration.ZERO, List.of(LISTENER))
                .counter("TcpExtTCPDeferAcceptDrop", 4)
                .after(Duration.ofMillis(400), with(LISTENER, young))
                .diagnosis();
        assertThat(diagnosis.observations())
                .anyMatch(line -> line.startsWith("accept-deferred (possible): 4 handshakes"));
    }

    @Test
    void manyAddressesThatAnswerNothingAreAFlood() {
        Finding finding = Looks.only(lasting(many(30, n -> Sockets.request(n, 3000, 2))));
        assertThat(finding.cause()).isEqualTo("syn-flood");
        assertThat(finding.title()).contains("30 handshakes from 30 addresses");
    }

    /** The path works: each of them has a connection. */
    @Test
    void addressesThatHaveConnectionsAreNoFlood() {
        List<SocketRow> requests = many(30, n -> Sockets.request(n, 3000, 2));
        List<SocketRow> all = new ArrayList<>(requests);
        requests.forEach(request -> all.add(Sockets.accepted(ESTABLISHED, 1000 + all.size(), 10)
                .endpoints("10.0.0.1", Sockets.PORT, request.peerAddress().getHostAddress(), 50_001)
                .row()));
        assertThat(Looks.causes(lasting(all))).containsExactly("syn-ack-unanswered");
    }

    @Test
    void aFullSynQueueWhosePeersAnswerIsNoFlood() {
        Finding finding = Looks.only(burst(60, 40, "1", n -> Sockets.request(n, 900, 0)));
        assertThat(finding.cause()).isEqualTo("syn-queue-full");
        assertThat(finding.title()).contains("was full 60 times").contains("port 8080");
        assertThat(finding.evidence())
                .anyMatch(line -> line.contains("holds 4 handshakes"))
                .anyMatch(line -> line.contains("60 SYN cookies sent, 40 came back"));
    }

    @Test
    void cookiesThatDoNotComeBackAreAFlood() {
        Finding finding = Looks.only(burst(500, 3, "1", n -> Sockets.request(n, 3000, 2)));
        assertThat(finding.cause()).isEqualTo("syn-flood");
        assertThat(finding.title()).contains("4 addresses");
    }

    /** They come so fast that each is young. */
    @Test
    void aFloodOfYoungOpeningsIsKnownByItsCookies() {
        Finding finding = Looks.only(burst(1222, 0, "1", n -> Sockets.request(n, 900, 0)));
        assertThat(finding.cause()).isEqualTo("syn-flood");
        assertThat(finding.title()).contains("1,222 of 1,222 SYN cookies").doesNotContain("address");
    }

    /** tcp_syncookies 2 makes cookies for each SYN. */
    @Test
    void cookiesForEachSynAreNoFullQueue() {
        assertThat(burst(60, 60, "2", n -> Sockets.request(n, 900, 0)).findings())
                .isEmpty();
    }

    @Test
    void aBlackHoleIsUnansweredAndNoReset() {
        SocketRow connect = Sockets.opened(SYN_SENT, 1, 0)
                .timer(SocketTimer.Kind.RETRANSMIT, 1)
                .activity(null)
                .row();
        Looks looks = new Looks();
        for (int i = 0; i < 6; i++) {
            looks.counter("TcpExtTCPAbortOnTimeout", 5L * i)
                    .counter("TcpAttemptFails", 5L * i)
                    .counter("TcpActiveOpens", 5L * i)
                    .counter("TcpOutRsts", 0)
                    .after(Duration.ofSeconds(1), List.of(connect));
        }
        Finding finding = Looks.only(looks.diagnosis());
        assertThat(finding.cause()).isEqualTo("syn-unanswered");
        assertThat(finding.evidence()).noneMatch(line -> line.contains("silent for"));
        assertThat(finding.evidence()).anyMatch(line -> line.contains("of which up to 25 were still in the handshake"));
        assertThat(looks.diagnosis().observations()).noneMatch(line -> line.contains("ended with RST by this side"));
    }

    @Test
    void whatIcmpRefusesIsNotUnanswered() {
        SocketRow connect = Sockets.opened(SYN_SENT, 1, 0)
                .timer(SocketTimer.Kind.RETRANSMIT, 1)
                .row();
        Diagnosis diagnosis = new Looks()
                .counter("IcmpInDestUnreachs", 0)
                .counter("TcpAttemptFails", 0)
                .after(Duration.ZERO, List.of(connect))
                .counter("IcmpInDestUnreachs", 8)
                .counter("TcpAttemptFails", 4)
                .after(Duration.ofSeconds(5), List.of(connect))
                .diagnosis();
        Looks.assertOnlyObserves(diagnosis, "4 handshakes failed");
    }

    /** Each is gone before its SYN is sent again. */
    @Test
    void connectsThatEndEarlyAreToldWhereNothingAnswers() {
        Looks looks = new Looks();
        for (int i = 0; i < 6; i++) {
            looks.after(
                    Duration.ofSeconds(1),
                    List.of(Sockets.opened(SYN_SENT, i, 0)
                            .timer(SocketTimer.Kind.RETRANSMIT, 0)
                            .row()));
        }
        assertThat(Looks.only(looks.diagnosis()).certainty()).isEqualTo(Certainty.POSSIBLE);
        looks.counter("TcpAttemptFails", 0).after(Duration.ofSeconds(1), List.of());
        SocketRow open = Sockets.opened(ESTABLISHED, 90, 10).row();
        assertThat(looks.after(Duration.ofSeconds(1), List.of(open)).diagnosis().findings())
                .as("somebody is there")
                .isEmpty();
    }

    /** As on a machine that is too busy to look often. */
    @Test
    void aFewConnectsThatEndEarlyMayOrMayNotBeAnswered() {
        Looks looks = new Looks();
        for (int i = 0; i < 4; i++) {
            looks.after(
                    Duration.ofSeconds(1),
                    List.of(Sockets.opened(SYN_SENT, i, 0)
                            .timer(SocketTimer.Kind.RETRANSMIT, 0)
                            .row()));
            assertThat(looks.diagnosis().text().contains("whether connects are answered"))
                    .as("%d gone", i)
                    .isEqualTo(i > 0);
        }
        Diagnosis few = looks.diagnosis();
        assertThat(few.findings()).isEmpty();
        assertThat(few.conclusive()).isFalse();
        assertThat(few.text().replaceAll("\\s+", " "))
                .contains("whether connects are answered (3 to ", "only 3 seen to end", "To tell: --for 10s");
        looks.after(
                Duration.ofSeconds(1),
                List.of(Sockets.opened(ESTABLISHED, 90, 10).row()));
        assertThat(looks.diagnosis().conclusive()).as("somebody is there").isTrue();
    }

    @Test
    void refusedConnectsAreTold() {
        Diagnosis diagnosis = new Looks()
                .counter("TcpAttemptFails", 0)
                .after(Duration.ZERO, List.of(LISTENER))
                .counter("TcpAttemptFails", 12)
                .after(Duration.ofSeconds(5), List.of(LISTENER))
                .diagnosis();
        Looks.assertOnlyObserves(diagnosis, "12 handshakes failed in 5.0 s although");
    }

    /** Four wait at each look, and meanwhile so many SYNs found the queue full and so many cookies came back. */
    private static Diagnosis burst(long full, long answered, String cookies, IntFunction<Sockets> request) {
        List<SocketRow> sockets = with(SHORT, many(4, request));
        return new Looks()
                .sysctl(Settings.SYNCOOKIES, cookies)
                .counter("TcpExtTCPReqQFullDoCookies", 0)
                .counter("TcpExtSyncookiesSent", 0)
                .counter("TcpExtSyncookiesRecv", 0)
                .after(Duration.ZERO, List.of(SHORT))
                .counter("TcpExtTCPReqQFullDoCookies", full)
                .counter("TcpExtSyncookiesSent", full)
                .counter("TcpExtSyncookiesRecv", answered)
                .after(Duration.ofSeconds(5), sockets)
                .diagnosis();
    }

    private static Diagnosis lasting(List<SocketRow> requests) {
        return Looks.unchanged(with(LISTENER, requests).toArray(SocketRow[]::new));
    }

    private static List<SocketRow> with(SocketRow listener, List<SocketRow> others) {
        List<SocketRow> all = new ArrayList<>(List.of(listener));
        all.addAll(others);
        return all;
    }

    private static List<SocketRow> many(int count, IntFunction<Sockets> socket) {
        return IntStream.range(0, count).mapToObj(n -> socket.apply(n).row()).toList();
    }
}
