package io.tcplab.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.tcplab.kernel.Errno;
import io.tcplab.kernel.KernelException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class MetricsEndpointTest {
    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

    @Test
    void servesEveryMeterOfAServer() throws Exception {
        try (MetricsEndpoint endpoint = MetricsEndpoint.start(0, registry);
                LabServer server =
                        LabServer.start(ServerOptions.at(ANY_PORT), new WellBehaved(false), Thread::new, registry)) {
            try (Socket peer =
                    new Socket(server.address().getAddress(), server.address().getPort())) {
                Bench.echo(peer, 'x');
            }
            String eof = "tcplab_server_closed_connections_total{behaviour=\"well-behaved\",cause=\"peer-eof\"} 1.0";
            await().atMost(Bench.DEADLINE)
                    .until(() -> get(endpoint, "GET", "/metrics").body().contains(eof));
            HttpResponse<String> response = get(endpoint, "GET", "/metrics");
            assertThat(response.headers().firstValue("Content-Type"))
                    .hasValue("text/plain; version=0.0.4; charset=utf-8");
            assertThat(response.body())
                    .contains("tcplab_server_accepted_connections_total{behaviour=\"well-behaved\"} 1.0")
                    .contains(
                            "tcplab_server_accept_failures_calls_total{behaviour=\"well-behaved\",errno=\"EMFILE\"} 0.0")
                    .contains("tcplab_server_active_connections{behaviour=\"well-behaved\"} 0.0")
                    .contains("tcplab_server_received_bytes_total{behaviour=\"well-behaved\"} 1.0")
                    .contains("tcplab_server_sent_bytes_total{behaviour=\"well-behaved\"} 1.0")
                    .contains("tcplab_server_loop_lag_seconds_count{behaviour=\"well-behaved\",loop=\"0\"}");
        }
    }

    @Test
    void answersOnlyGetOfMetrics() throws Exception {
        try (MetricsEndpoint endpoint = MetricsEndpoint.start(0, registry)) {
            assertThat(get(endpoint, "POST", "/metrics").statusCode()).isEqualTo(405);
            assertThat(get(endpoint, "GET", "/").statusCode()).isEqualTo(404);
            assertThat(get(endpoint, "GET", "/metrics/other").statusCode()).isEqualTo(404);
        }
    }

    /** The JDK's own server reads a request on the thread that answers all the others, and waits for its rest. */
    @Test
    void aRequestWithoutEndHoldsUpNobody() throws Exception {
        try (MetricsEndpoint endpoint = MetricsEndpoint.start(0, registry);
                Socket slow = new Socket(
                        InetAddress.getLoopbackAddress(), endpoint.address().getPort())) {
            slow.getOutputStream().write("GET /metrics HTTP/1.1\r\nHo".getBytes(StandardCharsets.US_ASCII));
            assertThat(get(endpoint, "GET", "/metrics").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void whatIsNoRequestIsRefused() throws Exception {
        try (MetricsEndpoint endpoint = MetricsEndpoint.start(0, registry)) {
            for (String wrong : List.of("x\r\n\r\n", "GET /" + "x".repeat(5000) + " HTTP/1.1\r\n\r\n")) {
                try (Socket peer = new Socket(
                        InetAddress.getLoopbackAddress(), endpoint.address().getPort())) {
                    peer.getOutputStream().write(wrong.getBytes(StandardCharsets.US_ASCII));
                    assertThat(new String(peer.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                            .startsWith("HTTP/1.1 400");
                }
            }
        }
    }

    @Test
    void takenPortIsToldWithItsRemedy() {
        try (MetricsEndpoint endpoint = MetricsEndpoint.start(0, registry)) {
            int taken = endpoint.address().getPort();
            assertThatThrownBy(() -> MetricsEndpoint.start(taken, registry))
                    .isInstanceOfSatisfying(KernelException.class, refused -> {
                        assertThat(refused.errno()).isEqualTo(Errno.EADDRINUSE);
                        assertThat(refused.operation()).isEqualTo("serve metrics on port " + taken);
                    });
        }
    }

    private static HttpResponse<String> get(MetricsEndpoint endpoint, String method, String path)
            throws IOException, InterruptedException {
        URI uri = URI.create("http://127.0.0.1:" + endpoint.address().getPort() + path);
        HttpRequest request = HttpRequest.newBuilder(uri)
                .timeout(Bench.DEADLINE)
                .method(method, HttpRequest.BodyPublishers.noBody())
                .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(request, HttpResponse.BodyHandlers.ofString());
        }
    }
}
