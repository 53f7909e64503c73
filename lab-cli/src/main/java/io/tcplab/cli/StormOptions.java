package io.tcplab.cli;

import io.tcplab.client.Hold;
import io.tcplab.client.Load;
import io.tcplab.client.LoadPlan;
import io.tcplab.client.Stop;
import io.tcplab.cluster.StormPlan;
import io.tcplab.experiments.UsageException;
import io.tcplab.experiments.cell.ServeOptions;
import io.tcplab.server.Behaviour;
import io.tcplab.transport.Durations;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What a storm is to be. */
final class StormOptions {
    @Option(
            names = "--clients",
            paramLabel = "N",
            defaultValue = "2",
            description = "How many client tasks (default: ${DEFAULT-VALUE}, at most 200).")
    private int clients;

    @Option(
            names = "--load",
            paramLabel = "SPEC",
            defaultValue = "short-lived",
            description = "What each client does: name, or name:key=value,... (default: ${DEFAULT-VALUE}). `lab client"
                    + " --loads` lists them.")
    private String load = "short-lived";

    @Option(
            names = "--rate",
            paramLabel = "N",
            defaultValue = "0",
            description = "Operations per second of all clients together, started on schedule whether or not answers"
                    + " arrive; 0, the default: each starts when another ends.")
    private double rate;

    @Option(
            names = "--for",
            paramLabel = "TIME",
            description = "How long (default: 10s). With --load hold, how long connections are held.")
    private @Nullable String duration;

    @Option(
            names = "--count",
            paramLabel = "N",
            description = "How many operations of all clients together, instead of --for.")
    private @Nullable Long count;

    @Option(
            names = "--concurrency",
            paramLabel = "N",
            defaultValue = "64",
            description = "Maximum number of concurrent operations of each client (default: ${DEFAULT-VALUE}).")
    private int concurrency;

    @Option(
            names = "--payload",
            paramLabel = "BYTES",
            defaultValue = "64",
            description = "Bytes that are sent and echoed (default: ${DEFAULT-VALUE}).")
    private int payload;

    @Mixin
    private final ConnectTimeoutOption connectTimeout = new ConnectTimeoutOption();

    @Option(
            names = "--behaviour",
            paramLabel = "SPEC",
            defaultValue = "well-behaved",
            description = "What the server does (default: ${DEFAULT-VALUE}). `lab server --behaviours` lists them.")
    private String behaviour = "well-behaved";

    @Option(
            names = "--backlog",
            paramLabel = "N",
            defaultValue = "4096",
            description = "Second argument of the server's listen(2) (default: ${DEFAULT-VALUE}).")
    private int backlog;

    /** Throws {@link UsageException} where it can't be meant. */
    StormPlan plan() {
        try {
            Duration lasting = duration == null ? Duration.ofSeconds(10) : Durations.parse(duration);
            LoadPlan plan = LoadPlan.of(Load.parse(load), somewhere())
                    .withRate(rate)
                    .withConcurrency(concurrency)
                    .withPayloadBytes(payload)
                    .withConnectTimeout(connectTimeout.timeout())
                    .withStop(count == null ? new Stop.AfterDuration(lasting) : new Stop.AfterCount(count));
            check(plan.load());
            return new StormPlan(
                    clients,
                    plan,
                    lasting,
                    Behaviour.parse(behaviour),
                    ServeOptions.defaults().withBacklog(backlog));
        } catch (IllegalArgumentException e) {
            throw new UsageException(String.valueOf(e.getMessage()), e);
        }
    }

    /** Stands for the server until its address is known (RFC 5737). */
    private static InetSocketAddress somewhere() {
        return new InetSocketAddress(InetAddress.ofLiteral("192.0.2.1"), 9);
    }

    private void check(Load chosen) {
        boolean holds = chosen instanceof Hold;
        if (holds && count == null) {
            throw new UsageException(
                    "--load hold needs --count: how many connections are to be held, and --for how long");
        }
        if (!holds && count != null && duration != null) {
            throw new UsageException("--for and --count exclude each other: give one of them");
        }
    }
}
