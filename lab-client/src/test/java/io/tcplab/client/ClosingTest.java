package io.tcplab.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.kernel.sockets.SockDiag;
import io.tcplab.kernel.sockets.SocketQuery;
import io.tcplab.transport.Transport;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** However it ends, no socket, no thread and no buffer stays; the last is checked after every test. */
@ParameterizedClass
@EnumSource(Transport.class)
@Tag("slow")
class ClosingTest extends ClientFixture {
    ClosingTest(Transport transport) {
        super(transport);
    }

    @Test
    void closingGivesUpWhatIsUnderWay() {
        Peer peer = peer(Peer.silence());
        LabClient client = start(times(500, plan(new ShortLived(), peer))
                .withRate(1_000)
                .withConcurrency(20)
                .withEventLoops(2));
        until(() -> peer.accepted() == 20, peer::accepted);
        client.close();
        LoadReport report = await(client.finished());
        assertThat(report.givenUp()).isEqualTo(report.intended()).isBetween(20L, 500L);
        assertThat(report.inFlight()).isZero();
        assertNothingIsLeft(peer);
    }

    @Test
    void closingMayComeAtAnyTime() {
        Peer peer = peer(Peer.echo());
        for (int i = 0; i < 20; i++) {
            LabClient client = start(times(1_000_000, plan(new ShortLived(), peer)));
            int enough = i * 20;
            until(() -> client.snapshot().completed() >= enough, client::snapshot);
            client.close();
            LoadReport report = await(client.finished());
            assertThat(report.failures()).isEmpty();
            assertThat(report.completed() + report.givenUp()).isEqualTo(report.intended());
        }
        assertNothingIsLeft(peer);
    }

    @Test
    void closingClosesWhatIsHeld() {
        Peer peer = peer(Peer.echo());
        LabClient client = start(times(100, plan(new Hold(), peer)));
        await(client.established());
        client.close();
        assertThat(await(client.finished()).givenUp()).isEqualTo(100);
        assertNothingIsLeft(peer);
    }

    @Test
    void closingAgainAndReleasingAfterwardsDoNothing() {
        LabClient client = start(times(10, plan(new Hold(), peer(Peer.echo()))));
        client.close();
        LoadReport report = await(client.finished());
        client.close();
        client.release();
        assertThat(client.snapshot()).isEqualTo(report);
        assertThat(client.established()).isDone();
    }

    @Test
    void closingFromALoopDoesNotWaitForItself() {
        Peer peer = peer(Peer.echo());
        LabClient client = start(times(10, plan(new ShortLived(), peer)));
        CompletableFuture<LoadReport> closed = client.finished().whenComplete((report, mistake) -> client.close());
        assertThat(await(closed).completed()).isEqualTo(10);
        assertNothingIsLeft(peer);
    }

    @Test
    void aFinishedPlanLeavesNoSocket() {
        Peer peer = peer(Peer.echo());
        LabClient client = start(times(100, plan(new KeepAlive(10), peer)));
        await(client.finished());
        assertNothingIsLeft(peer);
    }

    /** By the kernel's word: no socket of the client's has an owner. */
    private void assertNothingIsLeft(Peer peer) {
        try (SockDiag diag = SockDiag.open(namespace)) {
            SocketQuery clients = SocketQuery.all().withPeerPort(peer.port());
            until(
                    () -> diag.census(clients).sockets().stream().noneMatch(socket -> socket.inode() != 0),
                    () -> diag.census(clients));
        }
    }
}
