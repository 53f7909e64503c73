package io.tcplab.cli;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.tcplab.diagnose.Judge;
import io.tcplab.diagnose.Look;
import io.tcplab.diagnose.Overview;
import io.tcplab.diagnose.TargetWatch;
import io.tcplab.diagnose.sample.Target;
import io.tcplab.experiments.UsageException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code lab watch}. */
@Command(
        name = "watch",
        sortOptions = false,
        description = {
            "Shows a service's sockets live: states and how they change, counters per second, accept"
                    + " queues, the busiest peers, and findings as they appear.",
            "On a terminal it updates in place, and q ends it. Piped, it writes one line per look, and one per finding"
                    + " that appears or disappears."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "  0:ended by q, by --for, or because the target ended",
            "  2:this user may not see enough",
            " 64:no such target",
            "130:Ctrl-C"
        },
        footer = {
            "  lab watch --port 8080",
            "  sudo lab watch --container shop-api --every 2s",
            "  lab watch --netns self --for 1m > sockets.log",
            "  lab watch --netns self --every 5s --metrics-port 9102     for Prometheus: docs/metrics.md"
        })
final class WatchCommand extends ScreenCommand {
    private static final Duration FASTEST = Duration.ofMillis(200);

    /** Looking and judging shall not cost the machine more than a fifth of the time. */
    private static final int REST = 4;

    @Mixin
    private final TargetOptions targets = new TargetOptions();

    @Option(
            names = "--every",
            paramLabel = "TIME",
            defaultValue = "1s",
            description =
                    "Time between looks, at least 200ms (default: ${DEFAULT-VALUE}); longer if a look takes long.")
    private String every = "1s";

    @Option(names = "--for", paramLabel = "TIME", description = "How long (default: until q or Ctrl-C).")
    private @Nullable String time;

    @Mixin
    private final MetricsOption metrics = new MetricsOption();

    WatchCommand(Screen screen) {
        super(screen);
    }

    @Override
    public Integer call() throws Exception {
        Target target = targets.target();
        Duration pause = TargetSampling.duration("--every", every);
        if (pause.compareTo(FASTEST) < 0) {
            throw new UsageException("--every " + every + ": too short; the minimum is 200ms");
        }
        long end = time == null
                ? Long.MAX_VALUE
                : System.nanoTime() + TargetSampling.duration("--for", time).toNanos();
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        Judge judge = new Judge();
        try (TargetWatch watching = TargetWatch.open(target)) {
            Look look = watching.next();
            WatchMeters meters = new WatchMeters(registry, look, judge.overview(look));
            metrics.start(registry, screen);
            return watch(watching, judge, meters, pause, end);
        } finally {
            metrics.stop();
        }
    }

    private int watch(TargetWatch watching, Judge judge, WatchMeters meters, Duration pause, long end)
            throws Exception {
        try (WatchView view = WatchView.on(screen);
                Keys keys = screen.outIsTerminal() ? Keys.ofTerminal() : Keys.none()) {
            while (true) {
                long started = System.nanoTime();
                Look look = watching.next();
                Overview overview = judge.overview(look);
                meters.update(look, overview);
                view.show(overview);
                if (look.ended()) {
                    screen.err().println(look.target() + " has ended");
                    return ExitCode.CONFIRMED;
                }
                long now = System.nanoTime();
                long until = now + Math.max((now - started) * REST, pause.toNanos());
                if (keys.awaitQuit(Math.min(until, end)) || System.nanoTime() >= end) {
                    return ExitCode.CONFIRMED;
                }
            }
        }
    }
}
