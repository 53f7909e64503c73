package io.tcplab.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.tcplab.experiments.UsageException;
import io.tcplab.transport.http.HttpBounds;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the page's server refuses, and how it treats those that it lets in. */
class PageServerTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int CONNECTIONS = 4;
    private static final int STRANGERS = 3;

    private final List<String> started = new CopyOnWriteArrayList<>();
    private final Set<Subscriber> listening = ConcurrentHashMap.newKeySet();
    private PageServer server = start(PATIENCE);

    private PageServer start(Duration patience) {
        return PageServer.start(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                new HttpBounds(CONNECTIONS, STRANGERS, patience),
                new FakePage());
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void thePageComesWithTheTokenAndTurnsItIntoACookie() throws IOException {
        String response = get("/?token=" + token(), "");
        assertThat(response)
                .startsWith("HTTP/1.1 200 OK")
                .contains("<!doctype html>")
                .contains("set-cookie: lab-" + port() + "=" + token() + ";")
                .contains("HTTPOnly", "SameSite=Strict");
        assertThat(get("/page.js", "Cookie: lab-" + port() + "=" + token() + "\r\n"))
                .startsWith("HTTP/1.1 200 OK");
        assertThat(get("/page.js", bearer())).startsWith("HTTP/1.1 200 OK").doesNotContain("set-cookie");
    }

    @Test
    void eachResponseForbidsWhatThePageDoesNotNeed() throws IOException {
        for (String response : List.of(get("/", bearer()), get("/", ""), get("/nowhere", bearer()))) {
            assertThat(response)
                    .contains("content-security-policy: default-src 'none'; script-src 'self';")
                    .contains("X-Content-Type-Options: nosniff", "Referrer-Policy: no-referrer")
                    .contains("cache-control: no-store")
                    .doesNotContain("unsafe-inline");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/page.js", "/events", "/catalogue", "/?token=", "/?token=00", "/nowhere"})
    void nothingComesWithoutTheToken(String path) throws IOException {
        assertThat(get(path, "")).startsWith("HTTP/1.1 403").contains("token").doesNotContain(token());
        assertThat(get(path, "Cookie: lab-" + port() + "=00\r\nAuthorization: Bearer 00\r\n"))
                .startsWith("HTTP/1.1 403");
    }

    @ParameterizedTest
    @ValueSource(strings = {"evil.example", "evil.example:80", "127.0.0.1.evil.example", "192.0.2.1", "", "[", "::1"})
    void aNameThatWasReboundToThisAddressIsRefused(String host) throws IOException {
        assertThat(exchange("GET / HTTP/1.1\r\nHost: " + host + "\r\n" + bearer() + "\r\n"))
                .startsWith("HTTP/1.1 4")
                .doesNotContain("doctype");
    }

    @Test
    void aRequestWithoutAHostOrWithTwoIsRefused() throws IOException {
        assertThat(exchange("GET / HTTP/1.1\r\n" + bearer() + "\r\n")).startsWith("HTTP/1.1 403");
        assertThat(exchange("GET / HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n" + bearer() + "\r\n"))
                .startsWith("HTTP/1.1 4");
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost:8000", "127.0.0.1", "[::1]:80", "127.0.0.2:1"})
    void theLoopbackMayBeCalledByItsNamesAndThroughATunnel(String host) throws IOException {
        assertThat(exchange("GET / HTTP/1.1\r\nHost: " + host + "\r\n" + bearer() + "\r\n"))
                .startsWith("HTTP/1.1 200");
    }

    @ParameterizedTest
    @CsvSource({"http://evil.example", "null", "https://127.0.0.1:PORT", "http://127.0.0.1:1", "''"})
    void anotherSitesPageCanStartNothing(String origin) throws IOException {
        String header = origin.isEmpty() ? "" : "Origin: " + origin.replace("PORT", port() + "") + "\r\n";
        assertThat(post("/start", header, "{}")).startsWith("HTTP/1.1 403").contains("Origin");
        assertThat(started).isEmpty();
    }

    @Test
    void thePageItselfCanStart() throws IOException {
        assertThat(post("/start", origin(), "{\"experiment\":\"x\"}"))
                .startsWith("HTTP/1.1 200")
                .contains("{\"ok\":true}");
        assertThat(started).containsExactly("{\"experiment\":\"x\"}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/start", "/stop"})
    void nothingIsCommandedWithoutTheToken(String path) throws IOException {
        assertThat(exchange("POST " + path + " HTTP/1.1\r\nHost: " + host() + "\r\n" + origin()
                        + "Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"))
                .startsWith("HTTP/1.1 403")
                .contains("token");
        assertThat(started).isEmpty();
    }

    @Test
    void aMistakeIsExplained() throws IOException {
        assertThat(post("/start", origin(), "wrong")).startsWith("HTTP/1.1 400").contains("{\"error\":\"no such\"}");
    }

    @Test
    void nothingChangesByGet() throws IOException {
        assertThat(get("/start", bearer())).startsWith("HTTP/1.1 405").contains("allow: POST");
        assertThat(get("/stop", bearer())).startsWith("HTTP/1.1 405");
        assertThat(post("/events", origin(), "")).startsWith("HTTP/1.1 405").contains("allow: GET");
        assertThat(started).isEmpty();
    }

    @Test
    void aFormOfAnotherSiteCannotPassForThePage() throws IOException {
        assertThat(exchange("POST /start HTTP/1.1\r\nHost: " + host() + "\r\n" + bearer() + origin()
                        + "Content-Type: text/plain\r\nContent-Length: 2\r\n\r\n{}"))
                .startsWith("HTTP/1.1 415");
        assertThat(started).isEmpty();
    }

    @Test
    void whatIsTooLargeIsRefused() throws IOException {
        assertThat(exchange("GET /" + "x".repeat(5000) + " HTTP/1.1\r\nHost: " + host() + "\r\n\r\n"))
                .startsWith("HTTP/1.1 400");
        assertThat(get("/", bearer() + "X: " + "x".repeat(20000) + "\r\n")).startsWith("HTTP/1.1 400");
        assertThat(exchange("POST /start HTTP/1.1\r\nHost: " + host() + "\r\n" + bearer() + origin()
                        + "Content-Type: application/json\r\nContent-Length: 100000000\r\n\r\n"))
                .startsWith("HTTP/1.1 413");
        assertThat(started).isEmpty();
    }

    @Test
    void aRequestThatNeverEndsIsCutOff() throws IOException {
        server.close();
        server = start(Duration.ofMillis(300));
        try (RawHttp slow = RawHttp.to(server.address())) {
            slow.send("GET / HTTP/1.1\r\nHo");
            assertThat(slow.rest()).isEmpty();
        }
    }

    @Test
    void moreWindowsThanItTakesAreRefused() throws IOException {
        List<RawHttp> open = new ArrayList<>();
        for (int i = 0; i < CONNECTIONS; i++) {
            open.add(events());
        }
        assertThat(get("/", bearer())).startsWith("HTTP/1.1 503").contains("close another window");
        open.removeLast().close();
        await().atMost(PATIENCE).until(() -> listening.size() == CONNECTIONS - 1);
        assertThat(get("/", bearer())).startsWith("HTTP/1.1 200");
        for (RawHttp each : open) {
            each.close();
        }
        await().atMost(PATIENCE).until(listening::isEmpty);
    }

    @Test
    void theOldestStrangerGivesWay() throws IOException {
        try (RawHttp listener = events()) {
            List<RawHttp> silent = new ArrayList<>();
            for (int i = 0; i < STRANGERS; i++) {
                silent.add(RawHttp.to(server.address()).send("GET / HTTP/1.1\r\nHo"));
            }
            assertThat(get("/", bearer())).startsWith("HTTP/1.1 200");
            assertThat(silent.removeFirst().isCutOff()).isTrue();
            assertThat(listening).hasSize(1);
            listening.forEach(each -> each.offer(Subscriber.event("frame", "still there")));
            assertThat(listener.until("still there")).contains("frame");
            for (RawHttp each : silent) {
                each.close();
            }
        }
    }

    @Test
    void aSecondRequestOfAConnectionEndsIt() throws IOException {
        try (RawHttp listener = events()) {
            listener.send("GET /events HTTP/1.1\r\nHost: " + host() + "\r\n" + bearer() + "\r\n");
            assertThat(listener.isCutOff()).isTrue();
        }
        await().atMost(PATIENCE).until(listening::isEmpty);
    }

    @Test
    void aSlowBrowserLosesFramesWhileAnotherGetsThem() throws Exception {
        int frames = 3000;
        String filling = "x".repeat(8000);
        try (RawHttp slow = narrowEvents();
                RawHttp quick = events()) {
            await().atMost(PATIENCE).until(() -> listening.size() == 2);
            for (int i = 1; i <= frames; i++) {
                byte[] event = Subscriber.event("frame", "<" + i + ">" + filling);
                listening.forEach(each -> each.offer(event));
                if (i % 100 == 0) {
                    quick.until("<" + i + ">");
                }
            }
            String late = slow.until("<" + frames + ">");
            assertThat(late.split("event: frame").length).isLessThan(frames / 2);
        }
    }

    @Test
    void anAddressThatIsTakenIsExplained() {
        assertThatThrownBy(() -> PageServer.start(server.address(), HttpBounds.standard(), new FakePage()))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("EADDRINUSE");
    }

    private RawHttp events() throws IOException {
        return listen(RawHttp.to(server.address()));
    }

    private RawHttp narrowEvents() throws IOException {
        return listen(RawHttp.narrow(server.address()));
    }

    private RawHttp listen(RawHttp client) throws IOException {
        client.send("GET /events HTTP/1.1\r\nHost: " + host() + "\r\n" + bearer() + "\r\n");
        assertThat(client.until("history")).startsWith("HTTP/1.1 200").contains("text/event-stream");
        return client;
    }

    private String get(String path, String headers) throws IOException {
        return exchange("GET " + path + " HTTP/1.1\r\nHost: " + host() + "\r\n" + headers + "\r\n");
    }

    private String post(String path, String headers, String body) throws IOException {
        return exchange("POST " + path + " HTTP/1.1\r\nHost: " + host() + "\r\n" + bearer() + headers
                + "Content-Type: application/json\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
    }

    private String exchange(String request) throws IOException {
        try (RawHttp client = RawHttp.to(server.address())) {
            return client.send(request).rest();
        }
    }

    private String bearer() {
        return "Authorization: Bearer " + token() + "\r\n";
    }

    private String origin() {
        return "Origin: http://" + host() + "\r\n";
    }

    private String host() {
        return "127.0.0.1:" + port();
    }

    private int port() {
        return server.address().getPort();
    }

    private String token() {
        return server.url().replaceAll(".*token=", "");
    }

    /** Remembers what it was asked for. */
    private final class FakePage implements Page {
        @Override
        public byte[] catalogue() {
            return LiveJson.bytes(List.of());
        }

        @Override
        public byte[] history() {
            return Subscriber.event("history", "{}");
        }

        @Override
        public void start(String json) {
            if (json.equals("wrong")) {
                throw new UsageException("no such");
            }
            started.add(json);
        }

        @Override
        public void stop() {}

        @Override
        public void join(Subscriber subscriber) {
            listening.add(subscriber);
        }

        @Override
        public void leave(Subscriber subscriber) {
            listening.remove(subscriber);
        }
    }
}
