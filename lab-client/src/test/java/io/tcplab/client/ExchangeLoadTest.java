package io.tcplab.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.transport.Transport;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** HTTP and scripts under each load, as a plain server sees them. */
@ParameterizedClass
@EnumSource(Transport.class)
class ExchangeLoadTest extends ClientFixture {
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
    private static final Http GET = Http.parse("GET /hello");

    ExchangeLoadTest(Transport transport) {
        super(transport);
    }

    @Test
    void aConnectionEach() {
        Peer peer = peer(answering(OK));
        LoadReport report = run(times(50, plan(new ShortLived(), peer)).withExchange(GET));
        assertCompleted(report, 50);
        assertThat(report.connected()).isEqualTo(50);
        assertThat(report.answers()).isEqualTo(Map.of("HTTP 200", 50L));
        assertThat(report.bytesReceived()).isEqualTo(50L * OK.length());
        until(() -> peer.served() == 50, peer::served);
        assertThat(peer.failures()).isEmpty();
    }

    @Test
    void severalRequestsOnEachConnection() {
        Peer peer = peer(answering(OK));
        LoadReport report = run(times(10, plan(new ShortLived(5, ShortLived.Closer.CLIENT), peer))
                .withExchange(GET));
        assertCompleted(report, 10);
        assertThat(report.answers()).isEqualTo(Map.of("HTTP 200", 50L));
        assertThat(report.connected()).isEqualTo(10);
    }

    /** More than the kernel's buffers hold is still unsent then; it goes out before the next request does. */
    @Test
    void anAnswerMayComeBeforeTheWholeRequestIsSent() {
        int size = 30_000_000;
        Peer peer = peer(connection -> {
            for (int request = 0; request < 2; request++) {
                connection.getInputStream().readNBytes(1);
                connection.getOutputStream().write('!');
                connection.getInputStream().skipNBytes(size - 1L);
            }
        });
        Script script = new Script("large", ByteBuffer.allocate(size), new Expect.Bytes(1));
        LoadReport report = run(times(1, plan(new ShortLived(2, ShortLived.Closer.SERVER), peer))
                .withExchange(script));
        assertCompleted(report, 1);
        assertThat(report.bytesSent()).isEqualTo(2L * size);
        assertThat(peer.failures()).isEmpty();
    }

    @Test
    void keepAliveAsksAgainOnTheSameConnections() {
        Peer peer = peer(answering(OK));
        LoadReport report = run(times(200, plan(new KeepAlive(4), peer)).withExchange(GET));
        assertCompleted(report, 200);
        assertThat(report.connected()).isEqualTo(4);
    }

    @Test
    void keepAliveReplacesAConnectionThatTheServerEnds() {
        Peer peer = peer(connection -> {
            answer(connection, OK);
            answer(connection, OK.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n"));
        });
        LoadReport report = run(times(100, plan(new KeepAlive(2), peer)).withExchange(GET));
        assertCompleted(report, 100);
        assertThat(report.connected()).isBetween(50L, 51L);
    }

    @Test
    void anErrorFailsButTheConnectionStays() {
        Peer peer = peer(answering("HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n"));
        LoadReport report = run(times(40, plan(new KeepAlive(2), peer)).withExchange(GET));
        assertThat(report.failures()).isEqualTo(Map.of("HTTP 503", 40L));
        assertThat(report.answers()).isEqualTo(Map.of("HTTP 503", 40L));
        assertThat(report.connected()).isEqualTo(2);
    }

    @Test
    void theServerIsAskedToCloseFirst() {
        Peer peer = peer(connection -> {
            String head = head(reader(connection));
            assertThat(head).contains("connection: close\r\n");
            connection.getOutputStream().write(OK.getBytes(StandardCharsets.US_ASCII));
        });
        LoadReport report = run(times(20, plan(new ShortLived(1, ShortLived.Closer.SERVER), peer))
                .withExchange(GET));
        assertCompleted(report, 20);
        until(() -> peer.served() == 20, peer::failures);
    }

    @Test
    void aServerThatClosesFirstMayStillFail() {
        Peer peer = peer(connection -> answer(connection, "HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n"));
        LoadReport report = run(times(20, plan(new ShortLived(1, ShortLived.Closer.SERVER), peer))
                .withExchange(GET));
        assertThat(report.failures()).isEqualTo(Map.of("HTTP 404", 20L));
    }

    @Test
    void aBodyUntilTheEndOfTheConnection() {
        Peer peer = peer(connection -> answer(connection, "HTTP/1.0 200 OK\r\n\r\nhello"));
        LoadReport report = run(times(20, plan(new KeepAlive(2), peer)).withExchange(GET));
        assertCompleted(report, 20);
        assertThat(report.connected()).isEqualTo(20);
    }

    @Test
    void aResponseCutShort() {
        Peer peer = peer(connection -> answer(connection, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel"));
        LoadReport report = run(times(20, plan(new ShortLived(), peer)).withExchange(GET));
        assertThat(report.failures()).isEqualTo(Map.of(LoadReport.END_OF_STREAM, 20L));
        assertThat(report.answers()).isEmpty();
    }

    @Test
    void whatIsNoHttp() {
        Peer peer = peer(connection -> answer(connection, "-ERR\r\n\r\n"));
        LoadReport report = run(times(20, plan(new KeepAlive(2), peer)).withExchange(GET));
        assertThat(report.failures()).isEqualTo(Map.of("HTTP malformed", 20L));
    }

    @Test
    void holdAsksOnceAndStays() {
        Peer peer = peer(answering(OK));
        LabClient client = start(times(20, plan(new Hold(), peer)).withExchange(GET));
        await(client.established());
        until(() -> client.snapshot().bytesReceived() == 20L * OK.length(), client::snapshot);
        client.release();
        assertCompleted(await(client.finished()), 20);
    }

    @Test
    void giveUpAfterWaitsNoLonger() {
        Peer peer = peer(Peer.silence());
        LoadReport report = run(
                times(10, plan(new GiveUpAfter(Duration.ofMillis(20)), peer)).withExchange(GET));
        assertThat(report.givenUp()).isEqualTo(10);
    }

    @Test
    void aScriptAnsweredByAnExpression() {
        Peer peer = peer(line("+PONG\r\n"));
        LoadReport report = run(times(100, plan(new KeepAlive(4), peer)).withExchange(script("\\+PONG\\r\\n")));
        assertCompleted(report, 100);
        assertThat(report.connected()).isEqualTo(4);
        assertThat(report.bytesSent()).isEqualTo(600);
        assertThat(report.answers()).isEmpty();
    }

    @Test
    void aScriptAnsweredByASize() {
        Peer peer = peer(line("+PONG\r\n"));
        assertCompleted(run(times(20, plan(new ShortLived(), peer)).withExchange(script("7"))), 20);
    }

    @Test
    void aScriptAnsweredByTheEnd() {
        Peer peer = peer(connection -> {
            reader(connection).readLine();
            connection.getOutputStream().write(new byte[1000]);
        });
        LoadReport report = run(times(20, plan(new ShortLived(), peer)).withExchange(script("close")));
        assertCompleted(report, 20);
        assertThat(report.bytesReceived()).isEqualTo(20 * 1000);
    }

    @Test
    void aScriptAnsweredAfterItsEnd() {
        Peer peer = peer(Peer.answerAfterFin(10));
        LoadReport report = run(times(20, plan(new HalfClose(), peer)).withExchange(script("close")));
        assertCompleted(report, 20);
        assertThat(report.bytesReceived()).isEqualTo(200);
    }

    @Test
    void aScriptThatIsAnsweredByAnotherWord() {
        Peer peer = peer(connection -> {
            reader(connection).readLine();
            connection.getOutputStream().write('-');
        });
        LoadReport report = run(times(20, plan(new ShortLived(), peer)).withExchange(script("PONG")));
        assertThat(report.failures()).isEqualTo(Map.of(LoadReport.END_OF_STREAM, 20L));
    }

    @Test
    void eachTargetIsAskedByItsOwnName() {
        AtomicInteger others = new AtomicInteger();
        Peer[] peers = {peer(answering(OK)), peer(answering(OK))};
        Peer witness = peer(connection -> {
            if (!head(reader(connection)).contains("host: localhost:" + connection.getLocalPort())) {
                others.incrementAndGet();
            }
            connection.getOutputStream().write(OK.getBytes(StandardCharsets.US_ASCII));
        });
        LoadReport report = run(
                times(30, plan(new ShortLived(), peers[0], peers[1], witness)).withExchange(GET));
        assertCompleted(report, 30);
        assertThat(witness.accepted()).isEqualTo(10);
        assertThat(others).hasValue(0);
    }

    private static Script script(String expect) {
        return new Script(
                "ping", ByteBuffer.wrap("PING\r\n".getBytes(StandardCharsets.US_ASCII)), Expect.parse(expect));
    }

    /** Answers each request so, until the client's FIN. */
    private static Peer.Conduct answering(String response) {
        return connection -> {
            BufferedReader requests = reader(connection);
            while (!head(requests).isEmpty()) {
                connection.getOutputStream().write(response.getBytes(StandardCharsets.US_ASCII));
            }
        };
    }

    /** Answers each line so. */
    private static Peer.Conduct line(String answer) {
        return connection -> {
            BufferedReader lines = reader(connection);
            while (lines.readLine() != null) {
                connection.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
            }
        };
    }

    /** Reads a request and answers it. */
    private static void answer(Socket connection, String response) throws IOException {
        head(reader(connection));
        connection.getOutputStream().write(response.getBytes(StandardCharsets.US_ASCII));
    }

    private static BufferedReader reader(Socket connection) throws IOException {
        return new BufferedReader(new InputStreamReader(connection.getInputStream(), StandardCharsets.US_ASCII));
    }

    /** A request up to its empty line; nothing at the end. */
    private static String head(BufferedReader from) throws IOException {
        StringBuilder head = new StringBuilder();
        for (String line = from.readLine(); line != null && !line.isEmpty(); line = from.readLine()) {
            head.append(line).append("\r\n");
        }
        return head.toString();
    }

    private static void assertCompleted(LoadReport report, long operations) {
        assertThat(report.failures()).isEmpty();
        assertThat(report.completed()).isEqualTo(operations);
        assertThat(report.inFlight()).isZero();
    }
}
