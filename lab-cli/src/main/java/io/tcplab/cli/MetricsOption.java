package io.tcplab.cli;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.tcplab.experiments.UsageException;
import io.tcplab.kernel.KernelException;
import io.tcplab.server.MetricsEndpoint;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** {@code --metrics-port} of the programs that run alone. docs/metrics.md names what they show. */
final class MetricsOption {
    @Option(
            names = "--metrics-port",
            paramLabel = "PORT",
            description = "Serve metrics for Prometheus at http://*:PORT/metrics.")
    private @Nullable Integer port;

    private @Nullable MetricsEndpoint endpoint;

    /**
     * Serves the registry until {@link #stop}, and says where; nothing without the option.
     *
     * @throws UsageException when the port can't be listened on
     */
    void start(PrometheusMeterRegistry registry, Screen screen) {
        if (port == null) {
            return;
        }
        try {
            endpoint = MetricsEndpoint.start(Addresses.port("--metrics-port", port), registry);
            screen.err()
                    .println("metrics on http://localhost:" + endpoint.address().getPort() + "/metrics");
        } catch (KernelException e) {
            throw new UsageException(String.valueOf(e.getMessage()), e);
        }
    }

    void stop() {
        if (endpoint != null) {
            endpoint.close();
        }
    }
}
