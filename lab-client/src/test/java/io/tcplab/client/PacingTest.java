package io.tcplab.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.transport.Transport;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** The open loop on real sockets; its arithmetic is in {@link PacerTest} and {@link ScheduleTest}. */
@ParameterizedClass
@EnumSource(Transport.class)
class PacingTest extends ClientFixture {
    private static final double RATE = 200;

    PacingTest(Transport transport) {
        super(transport);
    }

    @Test
    void aStalledServerShowsInAllThatItKeptWaiting() {
        CountDownLatch stall = new CountDownLatch(1);
        Peer peer = peer(Peer.behind(stall, Peer.echo()));
        LabClient client =
                start(times(150, plan(new ShortLived(), peer)).withRate(RATE).withConcurrency(4));
        until(() -> client.snapshot().waiting() >= 100, client::snapshot);
        stall.countDown();
        LoadReport report = await(client.finished());

        assertThat(report.completed()).isEqualTo(150);
        assertThat(report.delayed()).isGreaterThanOrEqualTo(100);
        // The first of the hundred was due 99 intervals before the last, and none had started by then.
        double halfOfThem = 50 / RATE * 1e9;
        assertThat(report.completionLatency().max()).isGreaterThan((long) (99 / RATE * 1e9));
        assertThat(report.connectLatency().p50()).isGreaterThan((long) (halfOfThem / 2));
        // The generator did its part: the wait was for a place.
        assertThat(report.lag().count()).isEqualTo(150);
        assertThat(report.lag().p50()).isLessThan(report.connectLatency().p50() / 2);
    }

    @Test
    void operationsComeOnScheduleThoughNobodyAnswers() {
        Peer peer = peer(Peer.silence());
        LabClient client =
                start(times(60, plan(new ShortLived(), peer)).withRate(1_000).withConcurrency(100));
        until(() -> peer.accepted() == 60, peer::accepted);
        assertThat(client.snapshot().inFlight()).isEqualTo(60);
        assertThat(client.snapshot().delayed()).isZero();
    }

    @Test
    void aDurationTimesARateIsACount() {
        LoadReport report = run(plan(new ShortLived(), peer(Peer.echo()))
                .withRate(500)
                .withStop(new Stop.AfterDuration(Duration.ofMillis(300))));
        assertThat(report.intended()).isEqualTo(150);
        assertThat(report.completed() + report.givenUp()).isEqualTo(150);
        assertThat(report.elapsed()).isGreaterThanOrEqualTo(Duration.ofMillis(298));
    }

    @Test
    void whatFoundNoPlaceBeforeTheEndIsGivenUp() {
        CountDownLatch stall = new CountDownLatch(1);
        LabClient client = start(plan(new ShortLived(), peer(Peer.behind(stall, Peer.echo())))
                .withRate(500)
                .withConcurrency(3)
                .withStop(new Stop.AfterDuration(Duration.ofMillis(100))));
        until(() -> client.snapshot().givenUp() > 0, client::snapshot);
        stall.countDown();
        LoadReport report = await(client.finished());
        assertThat(report.intended()).isEqualTo(50);
        assertThat(report.completed()).isEqualTo(3);
        assertThat(report.givenUp()).isEqualTo(47);
    }

    @Test
    void theDrainIsBounded() {
        LoadReport report =
                run(times(5, plan(new ShortLived(), peer(Peer.silence()))).withDrain(Duration.ofMillis(30)));
        assertThat(report.givenUp()).isEqualTo(5);
        assertThat(report.connected()).isEqualTo(5);
        assertThat(report.inFlight()).isZero();
    }

    @Test
    void withoutARateTheConcurrencyPaces() {
        CountDownLatch gate = new CountDownLatch(1);
        Peer peer = peer(Peer.behind(gate, Peer.echo()));
        LabClient client = start(times(20, plan(new ShortLived(), peer)).withConcurrency(3));
        until(() -> peer.accepted() == 3, peer::accepted);
        assertThat(client.snapshot().intended()).isEqualTo(3);
        gate.countDown();
        LoadReport report = await(client.finished());
        assertThat(report.completed()).isEqualTo(20);
        assertThat(report.delayed()).isZero();
        assertThat(report.lag().count()).isZero();
    }

    /** Long enough for a first connection where the loop doesn't get a processor for a tenth of a second. */
    @Test
    void timeEndsAPlanWithoutARate() {
        LoadReport report =
                run(plan(new ShortLived(), peer(Peer.echo())).withStop(new Stop.AfterDuration(Duration.ofMillis(500))));
        assertThat(report.completed()).isPositive().isEqualTo(report.intended());
        assertThat(report.completedPerSecond()).isPositive();
    }

    @Test
    void loopsShareThePlan() {
        Peer left = peer(Peer.echo());
        Peer right = peer(Peer.echo());
        LoadReport report = run(times(101, plan(new ShortLived(), left, right))
                .withEventLoops(2)
                .withRate(1_000));
        assertThat(report.completed()).isEqualTo(101);
        assertThat(left.accepted()).as("in turn").isEqualTo(51);
        assertThat(right.accepted()).isEqualTo(50);
    }

    @Test
    void aSnapshotAddsUpAtAnyTime() {
        Peer peer = peer(Peer.echo());
        LabClient client = start(
                times(2_000, plan(new ShortLived(), peer)).withConcurrency(16).withEventLoops(2));
        LoadReport before = client.snapshot();
        while (!client.finished().isDone()) {
            LoadReport now = client.snapshot();
            assertThat(now.inFlight()).isBetween(0L, now.intended());
            assertThat(now.waiting()).isBetween(0L, now.inFlight());
            assertThat(now.intended()).isBetween(before.intended(), 2_000L);
            assertThat(now.completed()).isGreaterThanOrEqualTo(before.completed());
            before = now;
        }
        LoadReport report = await(client.finished());
        assertThat(report.completed()).isEqualTo(2_000);
        assertThat(peer.accepted()).isEqualTo(report.connected()).isEqualTo(2_000);
        assertThat(client.snapshot()).as("nothing moves any more").isEqualTo(report);
    }
}
