package io.tcplab.cli.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import io.tcplab.kernel.netns.Namespace;
import io.tcplab.kernel.sockets.SockDiag;
import io.tcplab.kernel.sockets.SocketQuery;
import io.tcplab.kernel.sockets.TcpState;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code lab server} and {@code lab client}, each on its own, over this host's loopback. */
@Tag("slow")
class ProgramsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int COUNT = 20;

    @TempDir
    private Path temporary = Path.of("");

    @ParameterizedTest
    @ValueSource(strings = {"epoll", "io_uring", "nio"})
    void aServerThatNeverClosesKeepsWhatTheClientHasClosed(String transport) throws Exception {
        try (Program server = server("--behaviour", "never-close", "--transport", transport)) {
            int port = port(server);
            JsonNode report = load(port, "--transport", transport, "--count", Integer.toString(COUNT));
            assertThat(report.get("completed").asInt()).isEqualTo(COUNT);
            assertThat(report.get("failed").asInt()).isZero();
            SocketQuery accepted = SocketQuery.all().withLocalPort(port);
            await().atMost(PATIENCE).until(() -> count(accepted, TcpState.CLOSE_WAIT) == COUNT);
            server.signal("INT");
            Program.Ended ended = server.awaitEnd();
            assertThat(ended.code()).as(ended.err()).isEqualTo(130);
            assertThat(ended.err()).containsPattern("accepted +" + COUNT);
        }
    }

    /** What is copied to a temporary folder can't be executed where that is mounted so, and stays behind if the lab is killed. */
    @ParameterizedTest
    @ValueSource(strings = {"epoll", "io_uring"})
    void nettysLibrariesAreLoadedFromWhereTheLabIs(String transport) throws Exception {
        try (Program server = Program.start(
                List.of("env", "LAB_JAVA_OPTS=-Dio.netty.native.workdir=/proc"),
                temporary,
                "server",
                "--bind",
                "127.0.0.1",
                "--transport",
                transport)) {
            assertThat(port(server)).isPositive();
        }
    }

    @Test
    void aClientReportsWhatItHasWhenItIsStopped() throws Exception {
        try (Program server = server();
                Program client = client(port(server), "--rate", "100", "--for", "10m", "--json", "-")) {
            SocketQuery closed = SocketQuery.all().withPeerPort(port(server));
            await().atMost(PATIENCE).until(() -> count(closed, TcpState.TIME_WAIT) > 0);
            client.signal("INT");
            Program.Ended ended = client.awaitEnd();
            JsonNode report = JsonMapper.builder().build().readTree(ended.outOf(130));
            assertThat(report.get("completed").asInt()).isPositive();
            assertThat(ended.err()).contains("until completed");
        }
    }

    @Test
    void aClientWithoutAServerCountsByErrno() throws Exception {
        int port;
        try (Program server = server()) {
            port = port(server);
        }
        try (Program client = client(port, "--count", "5")) {
            Program.Ended ended = client.awaitEnd();
            assertThat(ended.outOf(1)).contains("5 failed (ECONNREFUSED 5)");
        }
    }

    @Test
    void aClientAsksAnHttpServer() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), COUNT);
        server.createContext("/hello", exchange -> {
            asked.incrementAndGet();
            byte[] question = exchange.getRequestBody().readAllBytes();
            boolean known = exchange.getRequestHeaders().containsKey("Token");
            exchange.sendResponseHeaders(known ? 200 : 401, question.length);
            exchange.getResponseBody().write(question);
            exchange.close();
        });
        server.start();
        try {
            int port = server.getAddress().getPort();
            Path body = Files.writeString(temporary.resolve("body"), "hello");
            JsonNode known = load(
                    port,
                    "--http",
                    "POST /hello",
                    "--body",
                    body.toString(),
                    "--header",
                    "Token: x",
                    "--load",
                    "keep-alive:pool=2",
                    "--count",
                    Integer.toString(COUNT));
            assertThat(known.get("exchange").asString()).isEqualTo("POST /hello");
            assertThat(known.get("tls").asBoolean()).isFalse();
            assertThat(known.get("answers").get("HTTP 200").asInt()).isEqualTo(COUNT);
            assertThat(known.get("connected").asInt()).isEqualTo(2);
            assertThat(asked).hasValue(COUNT);
            try (Program unknown = client(port, "--http", "GET /hello", "--count", "5")) {
                assertThat(unknown.awaitEnd().outOf(1)).contains("5 failed (HTTP 401: 5)");
            }
        } finally {
            server.stop(0);
        }
    }

    @Test
    void aClientSaysThatAPortSpeaksNoTls() throws Exception {
        try (Program server = server();
                Program client = client(port(server), "--tls", "--insecure", "--count", "5")) {
            Program.Ended ended = client.awaitEnd();
            // The echo of a ClientHello is a TLS record, but no answer to it.
            assertThat(ended.outOf(1)).contains("5 failed (TLS ");
        }
    }

    @Test
    void aServerOnATakenPortSaysSo() throws Exception {
        try (Program first = server("--bind", "127.0.0.1");
                Program second = server("--bind", "127.0.0.1", "--port", Integer.toString(port(first)))) {
            Program.Ended ended = second.awaitEnd();
            assertThat(ended.code()).isEqualTo(64);
            assertThat(ended.err()).contains("EADDRINUSE").doesNotContain("internal error");
        }
    }

    @Test
    void metricsAreServedToPrometheus() throws Exception {
        try (Program server = server("--metrics-port", "0");
                HttpClient http = HttpClient.newHttpClient()) {
            int port = port(server);
            load(port, "--count", "3");
            Matcher url = Pattern.compile("http://\\S+/metrics").matcher(server.awaitErr("/metrics"));
            assertThat(url.find()).isTrue();
            HttpResponse<String> metrics = http.send(
                    HttpRequest.newBuilder(URI.create(url.group())).build(), HttpResponse.BodyHandlers.ofString());
            assertThat(metrics.body()).containsPattern("tcplab_server_accepted_\\S*total\\S* 3\\.0");
        }
    }

    private Program server(String... options) throws Exception {
        return start(List.of("server"), options);
    }

    private Program client(int port, String... options) throws Exception {
        return start(List.of("client", "--target", "127.0.0.1:" + port), options);
    }

    private Program start(List<String> command, String... options) throws Exception {
        return Program.start(
                temporary, Stream.concat(command.stream(), Stream.of(options)).toArray(String[]::new));
    }

    private JsonNode load(int port, String... options) throws Exception {
        String[] more =
                Stream.concat(Stream.of("--json", "-"), Stream.of(options)).toArray(String[]::new);
        try (Program client = client(port, more)) {
            return JsonMapper.builder().build().readTree(client.awaitEnd().outOf(0));
        }
    }

    static int port(Program server) {
        Matcher port = Pattern.compile("listening on \\S+ port (\\d+)\n").matcher(server.awaitOut("\n"));
        assertThat(port.find()).isTrue();
        return Integer.parseInt(port.group(1));
    }

    private static int count(SocketQuery query, TcpState state) {
        try (SockDiag diag = SockDiag.open(Namespace.current())) {
            return diag.counts(query).of(state);
        }
    }
}
