package io.tcplab.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tcplab.client.LoadPlan;
import io.tcplab.client.ShortLived;
import io.tcplab.client.Stop;
import io.tcplab.experiments.cell.ServeOptions;
import io.tcplab.server.Behaviour;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class StormPlanTest {
    private static final InetSocketAddress SERVER = new InetSocketAddress(InetAddress.ofLiteral("198.18.0.2"), 4711);

    @Test
    void theRateIsSharedOut() {
        StormPlan plan = plan(4, new Stop.AfterDuration(Duration.ofSeconds(3)));
        for (int client = 1; client <= 4; client++) {
            LoadPlan share = plan.share(client, SERVER);
            assertThat(share.rate()).isEqualTo(250);
            assertThat(share.targets()).containsExactly(SERVER);
            assertThat(share.stop()).isEqualTo(new Stop.AfterDuration(Duration.ofSeconds(3)));
        }
    }

    @Test
    void operationsAreSharedOutToTheLast() {
        StormPlan plan = plan(3, new Stop.AfterCount(1000));
        assertThat(IntStream.rangeClosed(1, 3)
                        .mapToObj(client -> plan.share(client, SERVER).stop()))
                .containsExactly(new Stop.AfterCount(334), new Stop.AfterCount(333), new Stop.AfterCount(333));
    }

    @Test
    void eachClientNeedsAnOperationAndAnAddress() {
        assertThatThrownBy(() -> plan(5, new Stop.AfterCount(4)))
                .hasMessageContaining("--count 4 is less than --clients 5");
        assertThatThrownBy(() -> plan(0, new Stop.AfterCount(4))).hasMessageContaining("not between 1 and 200");
        assertThatThrownBy(() -> plan(201, new Stop.AfterCount(400))).hasMessageContaining("not between 1 and 200");
    }

    private static StormPlan plan(int clients, Stop stop) {
        return new StormPlan(
                clients,
                LoadPlan.of(new ShortLived(), new InetSocketAddress(InetAddress.ofLiteral("192.0.2.1"), 9))
                        .withRate(1000)
                        .withStop(stop),
                Duration.ofSeconds(10),
                Behaviour.parse("well-behaved"),
                ServeOptions.defaults());
    }
}
