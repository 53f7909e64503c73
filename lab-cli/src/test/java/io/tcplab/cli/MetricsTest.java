package io.tcplab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.tcplab.client.ClientMeter;
import io.tcplab.client.ClientMeters;
import io.tcplab.client.LabClient;
import io.tcplab.client.LoadPlan;
import io.tcplab.client.LoadReport;
import io.tcplab.client.ShortLived;
import io.tcplab.client.Stop;
import io.tcplab.diagnose.Look;
import io.tcplab.diagnose.Overview;
import io.tcplab.diagnose.TargetWatch;
import io.tcplab.diagnose.sample.Target;
import io.tcplab.server.LabServer;
import io.tcplab.server.ServerMeter;
import io.tcplab.server.ServerOptions;
import io.tcplab.server.WellBehaved;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What server, client and watch expose is what docs/metrics.md says. */
class MetricsTest {
    private static final Path DOCUMENT = Path.of("../docs/metrics.md");
    private static final int OPERATIONS = 7;
    private static final Pattern ROW = Pattern.compile(
            "^\\| `(tcplab_\\w+)` \\| (\\w+) \\| (\\w+) \\| (?:`(\\w+)`)? ?\\| .+ \\|$", Pattern.MULTILINE);
    private static final Pattern TYPE = Pattern.compile("^# TYPE (\\w+) (\\w+)$", Pattern.MULTILINE);
    private static final Pattern LABEL = Pattern.compile("[{,](\\w+)=\"");

    private record Metric(String name, String type, Set<String> labels) {}

    private record Scrape(LoadReport report, String exposed) {}

    @Test
    void documentNamesAllThatIsExposedAndNothingElse() throws Exception {
        String exposed = scrape().exposed();
        Set<Metric> metrics = TYPE.matcher(exposed)
                .results()
                .map(type -> new Metric(type.group(1), type.group(2), labels(exposed, type.group(1))))
                .collect(Collectors.toSet());
        assertThat(metrics).hasSizeGreaterThan(20).containsExactlyInAnyOrderElementsOf(documented());
    }

    @Test
    void namesEndWithTheUnit() throws IOException {
        assertThat(rows())
                .allSatisfy(row -> assertThat(row.group(1)).containsPattern("_" + row.group(3) + "(_total|_max)?$"));
    }

    @Test
    void everyMeterIsDocumented() throws IOException {
        Set<String> names = documented().stream().map(Metric::name).collect(Collectors.toSet());
        Stream.concat(
                        Arrays.stream(WatchMeter.values()).map(meter -> meter.id() + "." + meter.unit()),
                        Stream.concat(
                                Arrays.stream(ServerMeter.values()).map(meter -> meter.id() + "." + meter.unit()),
                                Arrays.stream(ClientMeter.values()).map(meter -> meter.id() + "." + meter.unit())))
                .map(id -> id.replace('.', '_'))
                .forEach(name -> assertThat(names).anyMatch(documented -> documented.matches(name + "(_total)?")));
    }

    @Test
    void clientsMetersShowItsLatestReport() throws Exception {
        Scrape scrape = scrape();
        assertThat(scrape.report().completed()).isEqualTo(OPERATIONS);
        assertThat(scrape.exposed())
                .contains("tcplab_client_completed_operations_total{load=\"short-lived\"} 7.0")
                .contains("tcplab_client_in_flight_operations{load=\"short-lived\"} 0.0")
                .contains("tcplab_client_failed_operations_total{errno=\"ECONNREFUSED\",load=\"short-lived\"} 0.0")
                .contains("tcplab_client_connect_latency_seconds{load=\"short-lived\",quantile=\"1\"} "
                        + scrape.report().connectLatency().max() / 1e9);
    }

    @Test
    void watchsMetersShowItsLatestLook() throws Exception {
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                TargetWatch watch = TargetWatch.open(new Target.OnPort(listener.getLocalPort()))) {
            String target = "target=\"port " + listener.getLocalPort() + "\"";
            WatchMeters meters = watched(registry, watch);
            assertThat(registry.scrape())
                    .contains("tcplab_watch_state_sockets{state=\"LISTEN\"," + target + "} 1.0")
                    .contains("tcplab_watch_state_sockets{state=\"CLOSE_WAIT\"," + target + "} 0.0")
                    .contains("tcplab_watch_cause_findings{cause=\"eof-read-not-closed\"," + target + "} 0.0")
                    .contains("tcplab_watch_taken_looks_total{" + target + "} 1.0");
            try (Socket client = new Socket(listener.getInetAddress(), listener.getLocalPort());
                    Socket server = listener.accept()) {
                client.shutdownOutput();
                assertThat(server.getInputStream().read()).isEqualTo(-1);
                Look look = watch.next();
                meters.update(look, Overview.of(look));
            }
            assertThat(registry.scrape())
                    .contains("tcplab_watch_state_sockets{state=\"CLOSE_WAIT\"," + target + "} 1.0")
                    .contains("tcplab_watch_taken_looks_total{" + target + "} 2.0");
        }
    }

    private static WatchMeters watched(PrometheusMeterRegistry registry, TargetWatch watch) {
        Look look = watch.next();
        return new WatchMeters(registry, look, Overview.of(look));
    }

    /** A server, a client that has done its work, and a watch, all with their meters in one registry. */
    private static Scrape scrape() throws Exception {
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        ShortLived load = new ShortLived();
        InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        try (LabServer server =
                        LabServer.start(ServerOptions.at(anyPort), new WellBehaved(false), Thread::new, registry);
                LabClient client = LabClient.start(
                        LoadPlan.of(load, server.address()).withStop(new Stop.AfterCount(OPERATIONS)), Thread::new);
                TargetWatch watch =
                        TargetWatch.open(new Target.OnPort(server.address().getPort()))) {
            watched(registry, watch);
            ClientMeters meters = new ClientMeters(registry, load, client.snapshot());
            LoadReport report = client.finished().get(30, TimeUnit.SECONDS);
            meters.update(report);
            return new Scrape(report, registry.scrape());
        }
    }

    private static Set<String> labels(String exposed, String name) {
        return exposed.lines()
                .filter(line -> line.matches(name + "(_sum|_count)?\\{.*"))
                .flatMap(line -> LABEL.matcher(line).results())
                .map(label -> label.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<Metric> documented() throws IOException {
        return rows().stream()
                .map(row -> new Metric(
                        row.group(1),
                        row.group(2),
                        Stream.of(common(row.group(1)), row.group(4))
                                .filter(label -> label != null)
                                .collect(Collectors.toSet())))
                .collect(Collectors.toSet());
    }

    /** The label that all metrics of a program have. */
    private static String common(String metric) {
        return metric.startsWith("tcplab_server_")
                ? "behaviour"
                : metric.startsWith("tcplab_client_") ? "load" : "target";
    }

    private static List<MatchResult> rows() throws IOException {
        return ROW.matcher(Files.readString(DOCUMENT)).results().toList();
    }
}
