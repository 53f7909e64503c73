package io.tcplab.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.client.LoadPlan;
import io.tcplab.client.LoadReport;
import io.tcplab.client.LoadTimings;
import io.tcplab.client.Percentiles;
import io.tcplab.client.ShortLived;
import io.tcplab.client.Stop;
import io.tcplab.experiments.cell.ServeOptions;
import io.tcplab.kernel.counters.Counters;
import io.tcplab.server.Behaviour;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StormReportTest {
    private static final Percentiles NONE = new Percentiles(0, 0, 0, 0, 0, 0, 0, 0);

    @Test
    void isWholeWhereTheKernelCountedWhatTheClientsDid() {
        StormReport report = report(Optional.of(300L), client(1, 100, NONE), client(2, 200, NONE));
        assertThat(report.agreement()).isEqualTo(StormReport.Agreement.AGREE);
        assertThat(report.reasons()).isEmpty();
        assertThat(report.whole()).isTrue();
        assertThat(report.sum().connected()).isEqualTo(300);
        assertThat(report.sum().failures()).isEqualTo(Map.of("ECONNRESET", 6L, "client 1", 1L, "client 2", 1L));
        assertThat(report.sum().elapsed()).isEqualTo(Duration.ofSeconds(2));
        assertThat(report.startSpreadNanos()).isEqualTo(1000);
    }

    @Test
    void isPartialWhereTheKernelCountedOtherwise() {
        StormReport report = report(Optional.of(299L), client(1, 100, NONE), client(2, 200, NONE));
        assertThat(report.agreement()).isEqualTo(StormReport.Agreement.DIFFER);
        assertThat(report.reasons()).singleElement().asString().contains("300 connections", "counted 299");
    }

    @Test
    void isPartialWithoutOneOfTheClientsAndComparesNothing() {
        StormReport report =
                report(Optional.of(300L), client(1, 100, NONE), new ClientResult.Lost(2, "b", "client 2 (b) is lost"));
        assertThat(report.agreement()).isEqualTo(StormReport.Agreement.NOT_COMPARED);
        assertThat(report.reasons()).containsExactly("client 2 (b) is lost");
        assertThat(report.sum().connected()).isEqualTo(100);
    }

    @Test
    void isPartialWithoutTheServer() {
        StormReport report = report(Optional.empty(), client(1, 100, NONE));
        assertThat(report.agreement()).isEqualTo(StormReport.Agreement.NOT_COMPARED);
        assertThat(report.whole()).isFalse();
    }

    @Test
    void isPartialWhereAClientLagged() {
        Percentiles late = new Percentiles(100, 0, 0, 0, 0, 600_000_000, 600_000_000, 600_000_000);
        assertThat(report(Optional.of(100L), client(1, 100, late)).reasons())
                .singleElement()
                .asString()
                .contains("client 1 (node-1) lagged", "600 ms");
    }

    private static StormReport report(Optional<Long> accepted, ClientResult... clients) {
        StormPlan plan = new StormPlan(
                clients.length,
                LoadPlan.of(new ShortLived(), new InetSocketAddress(InetAddress.ofLiteral("192.0.2.1"), 9))
                        .withStop(new Stop.AfterDuration(Duration.ofSeconds(10))),
                Duration.ofSeconds(10),
                Behaviour.parse("well-behaved"),
                ServeOptions.defaults());
        return new StormReport(
                plan,
                "swarm",
                "image",
                List.of(clients),
                accepted.map(count -> new ServerResult(
                        "node", Map.of(), Map.of(), new Counters(0, Map.of(StormReport.PASSIVE_OPENS, count)))),
                accepted.isPresent() ? List.of() : List.of("the server is lost"));
    }

    private static ClientResult client(int number, long connected, Percentiles lag) {
        LoadReport load = new LoadReport(
                connected,
                0,
                0,
                connected,
                connected - 4,
                Map.of("ECONNRESET", 3L, "client " + number, 1L),
                Map.of(),
                0,
                1,
                1,
                0,
                NONE,
                NONE,
                lag,
                Duration.ofSeconds(number));
        return new ClientResult.Reported(
                number,
                "node-" + number,
                new ClientResult.Clock(0, 0),
                number * 1000L,
                load,
                LoadTimings.none(),
                new Counters(0, Map.of()));
    }
}
