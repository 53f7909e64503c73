package io.tcplab.report;

import io.tcplab.client.LoadPlan;
import io.tcplab.client.LoadTimings;
import io.tcplab.client.ShortLived;
import io.tcplab.client.Stop;
import io.tcplab.cluster.ClientResult;
import io.tcplab.cluster.ServerResult;
import io.tcplab.cluster.StormPlan;
import io.tcplab.cluster.StormReport;
import io.tcplab.experiments.cell.ServeOptions;
import io.tcplab.kernel.counters.Counters;
import io.tcplab.kernel.sockets.TcpState;
import io.tcplab.server.Behaviour;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Storms of two clients. */
final class StormSamples {
    private StormSamples() {}

    static StormReport whole() {
        return report(List.of(reported(1, "node-a"), reported(2, "node-b")), Optional.of(server(2400)), List.of());
    }

    static StormReport differing() {
        return report(List.of(reported(1, "node-a"), reported(2, "node-b")), Optional.of(server(2390)), List.of());
    }

    static StormReport partial() {
        String why =
                "client 2 (node-b) is lost: its connection ended; Swarm says: task 2 is failed: task: non-zero exit (137)";
        return report(
                List.of(reported(1, "node-a"), new ClientResult.Lost(2, "node-b", why)),
                Optional.of(server(1900)),
                List.of());
    }

    static StormReport withoutServer() {
        return report(
                List.of(reported(1, "node-a"), reported(2, "node-b")),
                Optional.empty(),
                List.of("the server (node-a) is lost: its connection ended"));
    }

    private static StormReport report(List<ClientResult> clients, Optional<ServerResult> server, List<String> trouble) {
        StormPlan plan = new StormPlan(
                2,
                LoadPlan.of(new ShortLived(), new InetSocketAddress(InetAddress.ofLiteral("192.0.2.1"), 9))
                        .withRate(600.5)
                        .withStop(new Stop.AfterDuration(Duration.ofSeconds(10))),
                Duration.ofSeconds(10),
                Behaviour.parse("well-behaved"),
                ServeOptions.defaults());
        return new StormReport(plan, "swarm", "tcplab/lab:dev", clients, server, trouble);
    }

    private static ClientResult reported(int number, String node) {
        return new ClientResult.Reported(
                number,
                node,
                new ClientResult.Clock(-7_000_000_000L * number, 450_000),
                120_000L * number,
                Samples.load(),
                LoadTimings.none(),
                new Counters(0, Map.of("TcpActiveOpens", 1500L, "TcpRetransSegs", 0L)));
    }

    private static ServerResult server(long accepted) {
        return new ServerResult(
                "node-a",
                Map.of(TcpState.LISTEN, 1, TcpState.ESTABLISHED, 128, TcpState.TIME_WAIT, 1800),
                Map.of(TcpState.LISTEN, 1, TcpState.TIME_WAIT, 1800),
                new Counters(0, Map.of(StormReport.PASSIVE_OPENS, accepted, "TcpExtListenOverflows", 7L)));
    }
}
