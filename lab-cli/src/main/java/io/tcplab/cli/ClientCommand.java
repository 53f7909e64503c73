package io.tcplab.cli;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.tcplab.client.ClientMeters;
import io.tcplab.client.LabClient;
import io.tcplab.client.Load;
import io.tcplab.client.LoadPlan;
import io.tcplab.client.LoadReport;
import io.tcplab.client.Stop;
import io.tcplab.experiments.UsageException;
import io.tcplab.report.Html;
import io.tcplab.report.LoadAdvice;
import io.tcplab.report.LoadJson;
import io.tcplab.report.LoadText;
import io.tcplab.transport.Durations;
import io.tcplab.transport.TransportUnavailable;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code lab client}. */
@Command(
        name = "client",
        sortOptions = false,
        description = "Puts load on a server, from this network namespace: HTTP requests (--http), what is in a file"
                + " (--send), or by default an echo, as `lab server` answers it.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:operations were completed",
            "1:none was completed",
            "130:Ctrl-C; reports what was done" + " by then"
        },
        footer = {
            "  lab client --target example.net:80 --http 'GET /' --rate 200 --for 30s",
            "  lab client --target 192.0.2.7:8443 --tls --ca ca.pem --http 'GET /' --load keep-alive:pool=32",
            "  printf 'PING\\r\\n' >ping; lab client --target 192.0.2.7:6379 --send ping --expect PONG --count 1000",
            "  lab client --target 192.0.2.7:9000 --load short-lived --rate 2000 --for 30s --metrics-port 9101",
            "  lab client --target 192.0.2.7:9000 --load hold --count 5000",
            "  lab client --target [2001:db8::7]:9000 --load short-lived:closes-first=server --count 1000 --json -"
        })
final class ClientCommand extends ScreenCommand {
    private static final int DEFAULT_PAYLOAD = 64;

    @Option(names = "--target", paramLabel = "HOST:PORT", description = "Where to connect; repeatable, used in turn.")
    private List<String> targets = List.of();

    @Option(
            names = "--source",
            paramLabel = "ADDRESS[:PORT]",
            description = "Local address; repeatable, used in turn (default: the kernel chooses).")
    private List<String> sources = List.of();

    @Option(
            names = "--load",
            paramLabel = "SPEC",
            defaultValue = "short-lived",
            description = "Name, or name:key=value,... (default: ${DEFAULT-VALUE}). --loads lists them.")
    private String load = "short-lived";

    @Option(names = "--loads", description = "List the loads and their settings, and exit.")
    private boolean listLoads;

    @Mixin
    private final ExchangeOptions exchange = new ExchangeOptions();

    @Mixin
    private final TlsOptions tls = new TlsOptions();

    @Option(
            names = "--rate",
            paramLabel = "N",
            defaultValue = "0",
            description =
                    "Operations per second, started on schedule whether or not answers arrive; 0, the default: each"
                            + " starts when"
                            + " another ends.")
    private double rate;

    @Option(
            names = "--concurrency",
            paramLabel = "N",
            defaultValue = "64",
            description = "Maximum number of concurrent operations (default: ${DEFAULT-VALUE}).")
    private int concurrency;

    @Option(
            names = "--payload",
            paramLabel = "BYTES",
            description = "Bytes that an echo sends and expects back (default: 64).")
    private @Nullable Integer payload;

    @Option(names = "--for", paramLabel = "TIME", description = "How long: 500ms, 30s, 2m, 1h (default: 10s).")
    private @Nullable String duration;

    @Option(names = "--count", paramLabel = "N", description = "How many operations, instead of --for.")
    private @Nullable Long count;

    @Mixin
    private final TransportOption transport = new TransportOption();

    @Option(
            names = "--event-loops",
            paramLabel = "N",
            defaultValue = "1",
            description = "Threads that generate the load (default: ${DEFAULT-VALUE}).")
    private int eventLoops;

    @Mixin
    private final ConnectTimeoutOption connectTimeout = new ConnectTimeoutOption();

    @Mixin
    private final MetricsOption metrics = new MetricsOption();

    @Mixin
    private final ReportOptions reports = new ReportOptions();

    ClientCommand(Screen screen) {
        super(screen);
    }

    @Override
    public Integer call() throws Exception {
        if (listLoads) {
            screen.printTerms(Load.all(), Load::spec, Load::summary);
            return ExitCode.CONFIRMED;
        }
        reports.check();
        LoadPlan plan = plan();
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        metrics.start(registry, screen);
        try {
            return run(plan, registry);
        } finally {
            metrics.stop();
        }
    }

    private int run(LoadPlan plan, PrometheusMeterRegistry registry) throws Exception {
        LabClient client = start(plan);
        boolean ended;
        try (client) {
            ended = watch(client, plan, new ClientMeters(registry, plan.load(), client.snapshot()));
        }
        report(plan, client.snapshot());
        if (!ended) {
            return ExitCode.INTERRUPTED;
        }
        return client.snapshot().completed() > 0 ? ExitCode.CONFIRMED : ExitCode.REFUTED;
    }

    private static LabClient start(LoadPlan plan) {
        try {
            return LabClient.start(
                    plan, Thread.ofPlatform().daemon().name("client-", 0).factory());
        } catch (TransportUnavailable e) {
            throw new UsageException(String.valueOf(e.getMessage()), e);
        }
    }

    private void report(LoadPlan plan, LoadReport report) throws Exception {
        reports.write(() -> LoadJson.of(plan, report), to -> Html.write(plan, report, to));
        PrintWriter to = reports.forText(screen).out();
        to.print(LoadText.table(report));
        LoadAdvice.of(report).forEach(line -> to.println(line));
        to.flush();
    }

    private LoadPlan plan() {
        if (targets.isEmpty()) {
            throw new UsageException("--target is missing: give the server's address, such as --target 192.0.2.7:9000");
        }
        try {
            return LoadPlan.of(Load.parse(load), addresses())
                    .withExchange(exchange.exchange())
                    .withTls(tls.tls())
                    .withSources(sources.stream()
                            .map(source -> Addresses.withOptionalPort("--source", source))
                            .toList())
                    .withRate(rate)
                    .withEventLoops(eventLoops)
                    .withConcurrency(concurrency)
                    .withPayloadBytes(payload())
                    .withStop(stop())
                    .withTransport(transport.chosen(screen))
                    .withConnectTimeout(connectTimeout.timeout());
        } catch (IllegalArgumentException e) {
            throw new UsageException(String.valueOf(e.getMessage()), e);
        }
    }

    private int payload() {
        if (payload != null && !exchange.isEcho()) {
            throw new UsageException("--payload is for an echo; --http and --send say themselves what is sent");
        }
        return payload == null ? DEFAULT_PAYLOAD : payload;
    }

    private InetSocketAddress[] addresses() {
        return targets.stream()
                .map(target -> Addresses.withPort("--target", target))
                .toArray(InetSocketAddress[]::new);
    }

    private Stop stop() {
        if (count != null && duration != null) {
            throw new UsageException("--for and --count exclude each other: give one of them");
        }
        return count == null
                ? new Stop.AfterDuration(duration == null ? Duration.ofSeconds(10) : Durations.parse(duration))
                : new Stop.AfterCount(count);
    }

    /** Shows how it goes until it has ended; false if Ctrl-C came first. */
    private boolean watch(LabClient client, LoadPlan plan, ClientMeters meters) throws ExecutionException {
        screen.err().println(plan.load().spec() + ": " + plan.summary());
        try {
            while (!ended(client)) {
                LoadReport latest = client.snapshot();
                meters.update(latest);
                if (screen.errIsTerminal()) {
                    screen.err().print("\r\u001b[K" + LoadText.line(latest));
                    screen.err().flush();
                }
            }
            return true;
        } catch (InterruptedException e) {
            return false;
        } finally {
            if (screen.errIsTerminal()) {
                screen.err().println();
            }
        }
    }

    private static boolean ended(LabClient client) throws InterruptedException, ExecutionException {
        try {
            client.finished().get(1, TimeUnit.SECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        }
    }
}
