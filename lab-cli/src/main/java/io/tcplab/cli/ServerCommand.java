package io.tcplab.cli;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Statistic;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.tcplab.experiments.UsageException;
import io.tcplab.kernel.KernelException;
import io.tcplab.server.Behaviour;
import io.tcplab.server.LabServer;
import io.tcplab.server.ServerMeter;
import io.tcplab.server.ServerOptions;
import io.tcplab.transport.TransportUnavailable;
import java.net.InetSocketAddress;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code lab server}. */
@Command(
        name = "server",
        sortOptions = false,
        description =
                "Runs only the server, in this network namespace, until Ctrl-C. It echoes what it reads; the behaviour"
                        + " defines what else it does, right or wrong.",
        footer = {
            "  lab server --behaviour never-close --port 9000",
            "  lab server --behaviour block-before-close:for=5s,how=spin --port 9000 --metrics-port 9100",
            "  ss -tan 'sport = :9000'       what the kernel shows"
        })
final class ServerCommand extends ScreenCommand {
    @Option(
            names = "--behaviour",
            paramLabel = "SPEC",
            defaultValue = "well-behaved",
            description = "Name, or name:key=value,... (default: ${DEFAULT-VALUE}). --behaviours lists them.")
    private String behaviour = "well-behaved";

    @Option(names = "--behaviours", description = "List the behaviours and their settings, and exit.")
    private boolean listBehaviours;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            defaultValue = "0",
            description = "Port to listen on; 0, the default, lets the kernel choose.")
    private int port;

    @Option(names = "--bind", paramLabel = "ADDRESS", description = "Address to listen on (default: all).")
    private @Nullable String bind;

    @Option(
            names = "--backlog",
            paramLabel = "N",
            defaultValue = "4096",
            description = "Second argument of listen(2) (default: ${DEFAULT-VALUE}); net.core.somaxconn limits it.")
    private int backlog;

    @Mixin
    private final TransportOption transport = new TransportOption();

    @Option(
            names = "--event-loops",
            paramLabel = "N",
            defaultValue = "1",
            description = "Threads that serve connections (default: ${DEFAULT-VALUE}).")
    private int eventLoops;

    @Mixin
    private final MetricsOption metrics = new MetricsOption();

    ServerCommand(Screen screen) {
        super(screen);
    }

    @Override
    public Integer call() throws InterruptedException {
        if (listBehaviours) {
            screen.printTerms(Behaviour.all(), Behaviour::spec, Behaviour::summary);
            return ExitCode.CONFIRMED;
        }
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        try {
            Behaviour chosen = Behaviour.parse(behaviour);
            try (LabServer server = LabServer.start(
                    options(), chosen, Thread.ofPlatform().name("server-", 0).factory(), registry)) {
                serve(server, chosen, registry);
            }
        } catch (KernelException | IllegalArgumentException | TransportUnavailable e) {
            throw new UsageException(String.valueOf(e.getMessage()), e);
        } finally {
            printCounts(registry);
        }
        return ExitCode.CONFIRMED;
    }

    private ServerOptions options() {
        Addresses.port("--port", port);
        InetSocketAddress address = bind == null
                ? new InetSocketAddress(port)
                : new InetSocketAddress(Addresses.host("--bind", bind), port);
        return ServerOptions.at(address)
                .withBacklog(backlog)
                .withTransport(transport.chosen(screen))
                .withEventLoops(eventLoops);
    }

    private void serve(LabServer server, Behaviour chosen, PrometheusMeterRegistry registry)
            throws InterruptedException {
        metrics.start(registry, screen);
        try {
            announce(server, chosen);
            new CountDownLatch(1).await();
        } finally {
            metrics.stop();
        }
    }

    private void announce(LabServer server, Behaviour chosen) {
        InetSocketAddress address = server.address();
        String where = address.getAddress().isAnyLocalAddress()
                ? "*"
                : address.getAddress().getHostAddress();
        screen.out().println("listening on " + where + " port " + address.getPort());
        screen.err().println(chosen.spec() + ": " + chosen.summary());
    }

    /** The server's own bookkeeping; what TCP did is for the kernel to say. */
    private void printCounts(PrometheusMeterRegistry registry) {
        for (ServerMeter meter : ServerMeter.values()) {
            double sum = 0;
            for (Meter each : registry.getMeters()) {
                if (each.getId().getName().equals(meter.id()) && meter != ServerMeter.LOOP_LAG) {
                    sum += total(each);
                }
            }
            if (sum > 0) {
                screen.err().println("%-14s %,.0f".formatted(meter.name().toLowerCase(Locale.ROOT), sum));
            }
        }
    }

    private static double total(Meter meter) {
        double total = 0;
        for (var measurement : meter.measure()) {
            if (measurement.getStatistic() == Statistic.COUNT || measurement.getStatistic() == Statistic.VALUE) {
                total += measurement.getValue();
            }
        }
        return total;
    }
}
