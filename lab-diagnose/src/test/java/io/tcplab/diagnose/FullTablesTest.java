package io.tcplab.diagnose;

import static io.tcplab.kernel.sockets.TcpState.FIN_WAIT2;
import static io.tcplab.kernel.sockets.TcpState.LISTEN;
import static io.tcplab.kernel.sockets.TcpState.TIME_WAIT;
import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.diagnose.causes.Certainty;
import io.tcplab.diagnose.causes.Finding;
import io.tcplab.diagnose.sample.Settings;
import io.tcplab.diagnose.sample.SocketRow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Where a kernel's table is full, and where it is just not: TIME_WAIT's buckets, SYN queues. */
class FullTablesTest {
    private static final String DROPS = "TcpExtTCPTimeWaitOverflow";
    /** 3 in its queue are full, with a fourth that the kernel adds. */
    private static final SocketRow SHORT = Sockets.listener(0, 3);

    private static final SocketRow OTHER = Sockets.accepted(LISTEN, 1, 0)
            .endpoints("0.0.0.0", 9090, "0.0.0.0", 0)
            .unsent(128)
            .row();

    @Test
    void timeWaitIsNearlyFullFromNineTenthsOn() {
        Finding finding = Looks.only(unchanged(timeWaits(900)));
        assertThat(finding.cause()).isEqualTo("time-wait-overflow");
        assertThat(finding.title()).isEqualTo("TIME_WAIT is nearly full");
        assertThat(finding.certainty()).isEqualTo(Certainty.LIKELY);
        assertThat(finding.rivals()).hasSize(1);
        assertThat(finding.evidence())
                .anyMatch(line -> line.startsWith("900 buckets of 1000 "))
                .anyMatch(line -> line.contains("900 on port 8080"));
        assertThat(unchanged(timeWaits(899)).findings()).isEmpty();
    }

    @Test
    void anOrphanInFinWait2TakesABucketToo() {
        List<SocketRow> sockets = new ArrayList<>(timeWaits(899));
        sockets.add(Sockets.accepted(FIN_WAIT2, 5000, 0).minisocket(40_000).row());
        assertThat(unchanged(sockets).findings())
                .filteredOn(finding -> finding.cause().equals("time-wait-overflow"))
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.sockets()).isEqualTo(900);
                    assertThat(finding.evidence())
                            .as("only those in TIME_WAIT are listed")
                            .anyMatch(line -> line.contains("899 on port 8080"));
                });
    }

    @Test
    void whatWasSkippedBeforeIsOnlyObserved() {
        Diagnosis diagnosis = new Looks()
                .counter(DROPS, 5)
                .after(Duration.ZERO, List.of(SHORT))
                .after(Duration.ofSeconds(5), List.of(SHORT))
                .diagnosis();
        Looks.assertOnlyObserves(diagnosis, DROPS + " is 5 since this network namespace was created");
    }

    @Test
    void theFullestOfSeveralSynQueuesIsNamed() {
        Finding finding = Looks.only(cookies(4, SHORT, OTHER));
        assertThat(finding.cause()).isEqualTo("syn-queue-full");
        assertThat(finding.title()).contains("port 8080");
    }

    /** Two of four are half of it. */
    @Test
    void whereNoSynQueueWasMoreThanHalfFullTheListenerIsUnknown() {
        Looks.assertOnlyObserves(cookies(2, SHORT, OTHER), "a SYN queue of this network namespace was full 60 times");
        assertThat(Looks.only(cookies(2, SHORT)).title())
                .as("it is the only one")
                .contains("port 8080");
    }

    /** The kernel begins to drop when a quarter of tcp_max_syn_backlog is left: from 6 of 8 on. */
    @Test
    void withoutCookiesDropsCountWhereTheBacklogIsReached() {
        assertThat(Looks.only(withoutCookies(5)).title()).contains("was full 60 times");
        assertThat(withoutCookies(4).findings()).isEmpty();
    }

    private static Diagnosis withoutCookies(int openings) {
        return burst(
                new Looks()
                        .sysctl(Settings.SYNCOOKIES, "0")
                        .sysctl(Settings.SYN_BACKLOG, "8")
                        .counter("TcpExtListenOverflows", 7),
                "TcpExtListenDrops",
                openings,
                Sockets.listener(0, 128));
    }

    private static Diagnosis cookies(int openings, SocketRow... listeners) {
        Looks looks = new Looks().sysctl(Settings.SYNCOOKIES, "1").counter("TcpExtSyncookiesSent", 0);
        return burst(looks, "TcpExtTCPReqQFullDoCookies", openings, listeners);
    }

    /** Sixty times full within two seconds, whose openings are gone at the last look. */
    private static Diagnosis burst(Looks looks, String counter, int openings, SocketRow... listeners) {
        List<SocketRow> sockets = new ArrayList<>(List.of(listeners));
        IntStream.range(0, openings)
                .mapToObj(n -> Sockets.request(n, 900, 0).row())
                .forEach(sockets::add);
        return looks.counter(counter, 40)
                .after(Duration.ZERO, List.of(listeners))
                .after(Duration.ofMillis(500), sockets)
                .counter(counter, 100)
                .after(Duration.ofMillis(1500), List.of(listeners))
                .diagnosis();
    }

    private static List<SocketRow> timeWaits(int count) {
        return IntStream.range(0, count)
                .mapToObj(n ->
                        Sockets.accepted(TIME_WAIT, n, 0).minisocket(50_000).row())
                .toList();
    }

    private static Diagnosis unchanged(List<SocketRow> sockets) {
        List<SocketRow> all = new ArrayList<>(sockets);
        all.add(Sockets.listener(0, 128));
        return Looks.unchanged(all.toArray(SocketRow[]::new));
    }
}
