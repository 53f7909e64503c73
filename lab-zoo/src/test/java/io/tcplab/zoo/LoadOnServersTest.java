package io.tcplab.zoo;

import static io.tcplab.kernel.sockets.TcpState.TIME_WAIT;
import static io.tcplab.zoo.Habitat.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import io.tcplab.client.Exchange;
import io.tcplab.client.Expect;
import io.tcplab.client.Failures;
import io.tcplab.client.Http;
import io.tcplab.client.KeepAlive;
import io.tcplab.client.LabClient;
import io.tcplab.client.Load;
import io.tcplab.client.LoadPlan;
import io.tcplab.client.LoadReport;
import io.tcplab.client.Script;
import io.tcplab.client.ShortLived;
import io.tcplab.client.Stop;
import io.tcplab.client.Tls;
import io.tcplab.junit.Role;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The lab's client against servers that people run: what it counts, they have counted, too. */
@Tag("slow")
class LoadOnServersTest {
    private static final int COUNT = 600;
    private static final int POOL = 4;
    private static final int TLS_PORT = 8443;
    private static final Exchange HELLO = Http.parse("GET /hello");
    private static final String ASKED = "200 GET /hello HTTP/1.1|tcp-lab|";

    @TempDir
    private Path folder = Path.of("");

    /** nginx ends each connection after 100 requests. */
    @Test
    void nginxKeepsConnectionsAlive() throws Exception {
        try (Habitat habitat = new Habitat(folder)) {
            nginx(habitat);
            LoadReport report = run(habitat, plan(habitat, new KeepAlive(POOL), HELLO));
            assertCompleted(report, habitat);
            assertThat(report.answers()).isEqualTo(Map.of("HTTP 200", (long) COUNT));
            assertThat(report.connected()).isBetween(COUNT / 100L, COUNT / 100L + POOL);
            awaitLogged(habitat, ASKED, COUNT);
        }
    }

    @Test
    void nginxClosesFirstIfAsked() throws Exception {
        try (Habitat habitat = new Habitat(folder)) {
            nginx(habitat);
            assertCompleted(run(habitat, plan(habitat, new ShortLived(1, ShortLived.Closer.SERVER), HELLO)), habitat);
            habitat.server().haveExactly(COUNT, TIME_WAIT).within(PATIENCE);
            habitat.clients().haveExactly(0, TIME_WAIT).within(PATIENCE);
            awaitLogged(habitat, ASKED, COUNT);
        }
    }

    @Test
    void theClientClosesFirstOtherwise() throws Exception {
        try (Habitat habitat = new Habitat(folder)) {
            nginx(habitat);
            assertCompleted(run(habitat, plan(habitat, new ShortLived(), HELLO)), habitat);
            habitat.clients().haveExactly(COUNT, TIME_WAIT).within(PATIENCE);
            habitat.server().haveExactly(0, TIME_WAIT).within(PATIENCE);
        }
    }

    @Test
    void nginxsErrorsFailAndItsRedirectsDoNot() throws Exception {
        try (Habitat habitat = new Habitat(folder)) {
            nginx(habitat);
            LoadReport busy = run(habitat, plan(habitat, new KeepAlive(POOL), Http.parse("GET /busy")));
            assertThat(busy.failures()).isEqualTo(Map.of("HTTP 503", (long) COUNT));
            LoadReport moved = run(habitat, plan(habitat, new KeepAlive(POOL), Http.parse("HEAD /moved")));
            assertCompleted(moved, habitat);
            assertThat(moved.answers()).isEqualTo(Map.of("HTTP 301", (long) COUNT));
            awaitLogged(habitat, "503 GET /busy ", COUNT);
            awaitLogged(habitat, "301 HEAD /moved ", COUNT);
        }
    }

    @Test
    void nginxSpeaksTls() throws Exception {
        try (Habitat habitat = new Habitat(folder)) {
            X509Bundle certificate = nginx(habitat);
            LoadPlan plan = plan(habitat, new ShortLived(), HELLO).withTargets(List.of(at(habitat, TLS_PORT)));
            Tls trusting = Tls.trusting(
                    "cert.pem", ByteBuffer.wrap(certificate.getCertificatePEM().getBytes(StandardCharsets.US_ASCII)));
            assertCompleted(run(habitat, plan.withTls(trusting)), habitat);
            awaitLogged(habitat, ASKED + "TLSv1.3", COUNT);
            assertThat(run(habitat, plan.withTls(Tls.trustingTheUsual())).failures())
                    .isEqualTo(Map.of(Failures.NOT_TRUSTED, (long) COUNT));
            assertThat(run(habitat, plan).failures()).as("without TLS").isEqualTo(Map.of("HTTP 400", (long) COUNT));
            assertThat(run(habitat, plan(habitat, new ShortLived(), HELLO).withTls(trusting))
                            .failures())
                    .as("with TLS, but not there")
                    .isEqualTo(Map.of(Failures.PLAIN_TEXT, (long) COUNT));
        }
    }

    @Test
    void haproxyPassesItOn() throws Exception {
        try (Habitat habitat = new Habitat(folder)) {
            Process backend = habitat.start(
                    Role.SERVER,
                    List.of("python3", "-m", "http.server", "--protocol", "HTTP/1.1", Integer.toString(Relays.BEHIND)));
            habitat.awaitListener(Role.SERVER, Relays.BEHIND);
            habitat.start(Role.SERVER, List.of("haproxy", "-db", "-f", habitat.copy("proxy-http.cfg")));
            habitat.awaitListener(Role.SERVER, Habitat.PORT);
            habitat.write("hello", "hello\n");
            assertCompleted(run(habitat, plan(habitat, new KeepAlive(POOL), HELLO)), habitat);
            awaitLines(habitat, folder.resolve("0-python3.log"), "\"GET /hello HTTP/1.1\" 200", COUNT);
            end(backend);
            // HAProxy keeps idle connections to it, and answers 502 to a request that it sends over one before it has
            // read its end.
            habitat.awaitNoConnection(Role.SERVER, Relays.BEHIND);
            assertThat(run(habitat, plan(habitat, new KeepAlive(POOL), HELLO)).failures())
                    .isEqualTo(Map.of("HTTP 503", (long) COUNT));
        }
    }

    /** By HTTP/1.0 it closes after each response, whatever the load wants. */
    @ParameterizedTest
    @ValueSource(strings = {"HTTP/1.0", "HTTP/1.1"})
    void pythonsServer(String protocol) throws Exception {
        try (Habitat habitat = new Habitat(folder)) {
            habitat.write("hello", "hello\n");
            habitat.server("python3", "-m", "http.server", "--protocol", protocol, Integer.toString(Habitat.PORT));
            LoadReport report = run(habitat, plan(habitat, new KeepAlive(POOL), HELLO));
            assertCompleted(report, habitat);
            assertThat(report.connected()).isEqualTo(protocol.equals("HTTP/1.0") ? COUNT : POOL);
            awaitLines(habitat, folder.resolve("0-python3.log"), "\"GET /hello HTTP/1.1\" 200", COUNT);
        }
    }

    @Test
    void redisAnswersAScript() throws Exception {
        try (Habitat habitat = new Habitat(folder)) {
            habitat.redis();
            assertCompleted(run(habitat, plan(habitat, new KeepAlive(POOL), ping("\\+PONG\r\n"))), habitat);
            assertCompleted(run(habitat, plan(habitat, new ShortLived(), ping("7"))), habitat);
            Script quit = new Script("quit", bytes("PING\r\nQUIT\r\n"), Expect.parse("close"));
            assertCompleted(run(habitat, plan(habitat, new ShortLived(), quit)), habitat);
            habitat.run("redis-cli", "-h", habitat.address(), "-p", Integer.toString(Habitat.PORT), "info", "all");
            assertThat(Files.readString(folder.resolve("1-redis-cli.log")))
                    .contains("cmdstat_ping:calls=" + 3 * COUNT + ",")
                    // The one that asks is one, too.
                    .contains("total_connections_received:" + (POOL + 2 * COUNT + 1));
        }
    }

    /** Each of them counts as nginx does, in the same run of it. */
    @Test
    void besideWrkAndAb() throws Exception {
        try (Habitat habitat = new Habitat(folder)) {
            nginx(habitat);
            String connections = Integer.toString(POOL);
            habitat.run("ab", "-q", "-k", "-n", Integer.toString(COUNT), "-c", connections, habitat.url("/hello"));
            habitat.run("wrk", "-t", "1", "-c", connections, "-d", "1s", habitat.url("/hello"));
            assertCompleted(run(habitat, plan(habitat, new KeepAlive(POOL), HELLO)), habitat);
            awaitLogged(habitat, ASKED, COUNT);
            assertThat(Files.readString(folder.resolve("1-ab.log"))).containsPattern("Complete requests: +" + COUNT);
            assertThat(logged("|ApacheBench/")).isEqualTo(COUNT);
            assertThat(Files.readString(folder.resolve("2-wrk.log"))).contains("requests in");
            assertThat(logged("200 GET /hello HTTP/1.1|-|"))
                    .as("wrk has no name")
                    .isPositive();
        }
    }

    private static LoadPlan plan(Habitat habitat, Load load, Exchange exchange) {
        return LoadPlan.of(load, at(habitat, Habitat.PORT))
                .withExchange(exchange)
                .withConcurrency(POOL)
                .withStop(new Stop.AfterCount(COUNT))
                .withDrain(PATIENCE);
    }

    private static InetSocketAddress at(Habitat habitat, int port) {
        return new InetSocketAddress(habitat.cell().server().address(), port);
    }

    private static LoadReport run(Habitat habitat, LoadPlan plan) throws Exception {
        try (LabClient client =
                LabClient.start(plan, habitat.cell().client().namespace().threadFactory("load"))) {
            return client.finished().get(2 * PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }
    }

    private static void assertCompleted(LoadReport report, Habitat habitat) {
        assertThat(report.failures()).as(habitat::log).isEmpty();
        assertThat(report.completed()).as(habitat::log).isEqualTo(COUNT);
    }

    private static Script ping(String expect) {
        return new Script("ping", bytes("PING\r\n"), Expect.parse(expect));
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** nginx with a log of who asked what, and a certificate for its address. */
    private X509Bundle nginx(Habitat habitat) throws Exception {
        X509Bundle certificate = new CertificateBuilder()
                .subject("CN=zoo")
                .addSanIpAddress(habitat.address())
                .ecp256()
                .setIsCertificateAuthority(true)
                .buildSelfSigned();
        habitat.write("cert.pem", certificate.getCertificatePEM());
        habitat.write("key.pem", certificate.getPrivateKeyPEM());
        habitat.server("nginx", "-e", "stderr", "-c", habitat.copy("load.conf"));
        habitat.awaitListener(Role.SERVER, TLS_PORT);
        return certificate;
    }

    /** nginx logs a request when it has ended, which may be after the client has read the response. */
    private void awaitLogged(Habitat habitat, String words, int times) throws InterruptedException {
        awaitLines(habitat, folder.resolve("access.log"), words, times);
    }

    private long logged(String words) {
        return lines(folder.resolve("access.log"), words);
    }

    private static void awaitLines(Habitat habitat, Path log, String words, int times) throws InterruptedException {
        habitat.await(log + " hasn't " + times + " times " + words, () -> lines(log, words) >= times);
        assertThat(lines(log, words)).isEqualTo(times);
    }

    private static long lines(Path log, String words) {
        try {
            return Files.readAllLines(log).stream()
                    .filter(line -> line.contains(words))
                    .count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void end(Process process) throws InterruptedException {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        process.waitFor();
    }
}
