package io.tcplab.server;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.tcplab.kernel.KernelException;
import io.tcplab.transport.http.HttpBounds;
import io.tcplab.transport.http.HttpListener;
import java.io.IOException;
import java.net.InetSocketAddress;

/**
 * Serves a registry to Prometheus at {@code /metrics}, in its text format 0.0.4.
 *
 * <p>Its socket is made by the calling thread, in that thread's network namespace. Its own connections show up in a
 * census like any others, so no experiment starts it: only a server that runs alone does.
 */
public final class MetricsEndpoint implements AutoCloseable {
    private final HttpListener http;

    private MetricsEndpoint(HttpListener http) {
        this.http = http;
    }

    /**
     * Serves from now on, on a thread of its own.
     *
     * @param port on all addresses; 0 lets the kernel choose
     * @throws KernelException when the port can't be listened on
     */
    public static MetricsEndpoint start(int port, PrometheusMeterRegistry registry) {
        try {
            return new MetricsEndpoint(HttpListener.start(
                    new InetSocketAddress(port),
                    HttpBounds.standard(),
                    "metrics",
                    (connection, place) -> connection.pipeline().addLast(new MetricsHandler(registry))));
        } catch (IOException failure) {
            throw Listening.refused("serve metrics on port " + port, failure, true);
        }
    }

    /** Where it listens, with the port that the kernel chose. */
    public InetSocketAddress address() {
        return http.address();
    }

    /** Stops at once; an answer under way is cut off. */
    @Override
    public void close() {
        http.close();
    }
}
