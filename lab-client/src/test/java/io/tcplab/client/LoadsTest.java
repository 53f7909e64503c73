package io.tcplab.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.transport.Transport;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Each load, as a plain server sees it. */
@ParameterizedClass
@EnumSource(Transport.class)
class LoadsTest extends ClientFixture {
    private static final int SIZE = 64;

    LoadsTest(Transport transport) {
        super(transport);
    }

    @Test
    void shortLivedSendsThePayloadReadsItsEchoAndCloses() {
        Peer peer = peer(Peer.echo());
        LoadReport report = run(times(200, plan(new ShortLived(), peer)).withConcurrency(8));
        assertAllCompleted(report, 200);
        assertThat(report.connected()).isEqualTo(200);
        assertThat(report.bytesSent()).isEqualTo(200 * SIZE);
        assertThat(report.bytesReceived()).isEqualTo(200 * SIZE);
        assertThat(report.connectLatency().count()).isEqualTo(200);
        assertThat(report.completionLatency().p50())
                .isGreaterThanOrEqualTo(report.connectLatency().min());
        until(() -> peer.served() == 200, peer::served);
        assertThat(peer.failures()).isEmpty();
    }

    @Test
    void shortLivedRepeatsItsRequestOnEachConnection() {
        Peer peer = peer(Peer.echo());
        LoadReport report = run(times(20, plan(new ShortLived(5, ShortLived.Closer.CLIENT), peer)));
        assertAllCompleted(report, 20);
        assertThat(report.bytesReceived()).isEqualTo(20 * 5 * SIZE);
        assertThat(peer.accepted()).isEqualTo(20);
    }

    @Test
    void shortLivedWithoutPayloadClosesOnceConnected() {
        Peer peer = peer(Peer.echo());
        LoadReport report = run(times(50, plan(new ShortLived(), peer)).withPayloadBytes(0));
        assertAllCompleted(report, 50);
        assertThat(report.bytesSent()).isZero();
        until(() -> peer.served() == 50, peer::served);
    }

    @Test
    void shortLivedWaitsForTheServersFinWhereTheServerClosesFirst() {
        Peer peer = peer(Peer.echoOnly(SIZE));
        LoadReport report = run(times(50, plan(new ShortLived(1, ShortLived.Closer.SERVER), peer)));
        assertAllCompleted(report, 50);
        assertThat(report.bytesReceived()).isEqualTo(50 * SIZE);
    }

    @Test
    void aLargePayloadGoesThroughInPieces() {
        Peer peer = peer(Peer.echo());
        int large = 5_000_000;
        LoadReport report = run(times(3, plan(new ShortLived(), peer)).withPayloadBytes(large));
        assertAllCompleted(report, 3);
        assertThat(report.bytesSent()).isEqualTo(3L * large);
        assertThat(report.bytesReceived()).isEqualTo(3L * large);
    }

    @Test
    void holdKeepsAllOpenUntilTheRelease() {
        Peer peer = peer(Peer.echo());
        LabClient client = start(times(100, plan(new Hold(), peer)).withConcurrency(4));
        LoadReport established = await(client.established());
        assertThat(established.connected()).isEqualTo(100);
        assertThat(established.inFlight()).as("more than the cap").isEqualTo(100);
        assertThat(client.finished()).isNotDone();
        until(() -> client.snapshot().bytesReceived() == 100 * SIZE, client::snapshot);
        client.release();
        assertAllCompleted(await(client.finished()), 100);
        until(() -> peer.served() == 100, peer::served);
    }

    @Test
    void holdStaysWhenThePeerCloses() {
        Peer peer = peer(Peer.echoOnly(SIZE));
        LabClient client = start(times(10, plan(new Hold(), peer)));
        await(client.established());
        until(() -> client.snapshot().bytesReceived() == 10 * SIZE, client::snapshot);
        until(() -> peer.served() == 10, peer::served);
        assertThat(client.snapshot().inFlight()).isEqualTo(10);
        client.release();
        assertAllCompleted(await(client.finished()), 10);
    }

    @Test
    void holdClosesWhatIsEstablishedAfterTheRelease() {
        Peer peer = peer(Peer.echo());
        LabClient client = start(times(50, plan(new Hold(), peer)).withRate(500));
        client.release();
        assertAllCompleted(await(client.finished()), 50);
    }

    @Test
    void keepAliveSpreadsRequestsOverAPool() {
        Peer peer = peer(Peer.echo());
        LoadReport report = run(times(400, plan(new KeepAlive(4), peer)));
        assertAllCompleted(report, 400);
        assertThat(report.connected()).isEqualTo(4);
        assertThat(report.bytesReceived()).isEqualTo(400 * SIZE);
        until(() -> peer.served() == 4, peer::served);
        assertThat(peer.accepted()).isEqualTo(4);
    }

    @Test
    void keepAliveReplacesABrokenConnection() {
        CountDownLatch first = new CountDownLatch(1);
        Peer peer = peer(connection -> {
            if (first.getCount() > 0) {
                first.countDown();
                connection.getInputStream().readNBytes(SIZE);
                connection.setSoLinger(true, 0);
            } else {
                Peer.echo().serve(connection);
            }
        });
        LoadReport report = run(times(10, plan(new KeepAlive(1), peer)));
        assertThat(report.failures()).containsOnlyKeys("ECONNRESET").containsValue(1L);
        assertThat(report.completed()).isEqualTo(9);
        assertThat(report.connected()).isEqualTo(2);
    }

    @Test
    void halfCloseReadsOnAfterItsOwnFin() {
        Peer peer = peer(Peer.answerAfterFin(10_000));
        LoadReport report = run(times(30, plan(new HalfClose(), peer)));
        assertAllCompleted(report, 30);
        assertThat(report.bytesSent()).isEqualTo(30 * SIZE);
        assertThat(report.bytesReceived()).isEqualTo(30 * 10_000);
        assertThat(peer.failures()).isEmpty();
    }

    @Test
    void halfCloseNeedsNoPayload() {
        LoadReport report = run(
                times(5, plan(new HalfClose(), peer(Peer.answerAfterFin(7)))).withPayloadBytes(0));
        assertAllCompleted(report, 5);
        assertThat(report.bytesReceived()).isEqualTo(35);
    }

    @Test
    void abortResetsAndThePeerHearsOfIt() {
        Peer peer = peer(Peer.silence());
        assertAllCompleted(run(times(30, plan(new Abort(), peer))), 30);
        until(() -> peer.failures().size() == 30, peer::failures);
        assertThat(peer.failures()).containsOnly("Connection reset");
    }

    @Test
    void abortMayWaitForTheEcho() {
        Peer peer = peer(Peer.echo());
        LoadReport report = run(times(30, plan(new Abort(Abort.Moment.ECHO), peer)));
        assertAllCompleted(report, 30);
        assertThat(report.bytesReceived()).isEqualTo(30 * SIZE);
        until(() -> peer.failures().size() == 30, peer::failures);
    }

    @Test
    void giveUpAfterClosesWhenNoAnswerComes() {
        Peer peer = peer(Peer.silence());
        LoadReport report = run(times(20, plan(new GiveUpAfter(Duration.ofMillis(20)), peer)));
        assertThat(report.givenUp()).isEqualTo(20);
        assertThat(report.inFlight()).isZero();
        assertThat(report.elapsed()).isGreaterThanOrEqualTo(Duration.ofMillis(20));
        until(() -> peer.served() == 20, peer::served);
    }

    @Test
    void giveUpAfterCompletesWhenTheAnswerComes() {
        LoadReport report = run(times(20, plan(new GiveUpAfter(Duration.ofMinutes(1)), peer(Peer.echo()))));
        assertAllCompleted(report, 20);
    }

    private static void assertAllCompleted(LoadReport report, long operations) {
        assertThat(report.failures()).isEmpty();
        assertThat(report.completed()).isEqualTo(operations);
        assertThat(report.intended()).isEqualTo(operations);
        assertThat(report.inFlight()).isZero();
        assertThat(report.completionLatency().count()).isEqualTo(operations);
    }
}
