package io.tcplab.server;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.tcplab.kernel.KernelException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

/**
 * Serves a registry to Prometheus at {@code /metrics}, in its text format 0.0.4.
 *
 * <p>Its socket is made by the calling thread, in that thread's network namespace. Its own connections show up in a
 * census like any others, so no experiment starts it: only a server that runs alone does.
 */
public final class MetricsEndpoint implements AutoCloseable {
    private static final String PATH = "/metrics";
    private static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private final HttpServer http;

    private MetricsEndpoint(HttpServer http) {
        this.http = http;
    }

    /**
     * Serves from now on, on a thread of its own.
     *
     * @param port on all addresses; 0 lets the kernel choose
     * @throws KernelException when the port can't be listened on
     */
    public static MetricsEndpoint start(int port, PrometheusMeterRegistry registry) {
        HttpServer http = listen(new InetSocketAddress(port));
        http.createContext(PATH, exchange -> answer(exchange, registry));
        http.start();
        return new MetricsEndpoint(http);
    }

    private static HttpServer listen(InetSocketAddress address) {
        try {
            return HttpServer.create(address, 0);
        } catch (IOException failure) {
            throw Listening.refused("serve metrics on port " + address.getPort(), failure, true);
        }
    }

    private static void answer(HttpExchange exchange, PrometheusMeterRegistry registry) throws IOException {
        try (exchange) {
            // A context answers for all paths that begin like it.
            if (!exchange.getRequestURI().getPath().equals(PATH)) {
                exchange.sendResponseHeaders(404, -1);
                return;
            }
            if (!exchange.getRequestMethod().equals("GET")) {
                exchange.getResponseHeaders().set("Allow", "GET");
                exchange.sendResponseHeaders(405, -1);
                return;
            }
            byte[] body = registry.scrape().getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", CONTENT_TYPE);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    /** Where it listens, with the port that the kernel chose. */
    public InetSocketAddress address() {
        return http.getAddress();
    }

    /** Stops at once; an answer under way is cut off. */
    @Override
    public void close() {
        http.stop(0);
    }
}
