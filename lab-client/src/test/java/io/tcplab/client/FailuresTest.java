package io.tcplab.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.kernel.sysctl.Sysctls;
import io.tcplab.transport.Transport;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What the kernel answers has the same name on each transport, and ends its operation once. */
@ParameterizedClass
@EnumSource(Transport.class)
class FailuresTest extends ClientFixture {
    private static final int SIZE = 64;
    private static final String PORT_RANGE = "net.ipv4.ip_local_port_range";

    FailuresTest(Transport transport) {
        super(transport);
    }

    @Test
    void aClosedPort() throws IOException {
        Peer gone = peer(Peer.echo());
        gone.close();
        LoadReport report = run(times(50, plan(new ShortLived(), gone)));
        assertFailed(report, "ECONNREFUSED", 50);
        assertThat(report.connected()).isZero();
    }

    @Test
    void noRoute() {
        LoadReport report = run(times(5, plan(new ShortLived(), new InetSocketAddress("192.0.2.1", 80))));
        switch (transport) {
            // Netty's native transports don't tell this and EHOSTUNREACH apart.
            case EPOLL, IO_URING -> assertFailed(report, "EHOSTUNREACH", 5);
            case NIO -> assertFailed(report, "ENETUNREACH", 5);
        }
    }

    @Test
    void aResetInTheMiddleOfTheAnswer() {
        CountDownLatch read = new CountDownLatch(1);
        Peer peer = peer(Peer.reset(SIZE, 10, read));
        LabClient client = start(times(20, plan(new ShortLived(), peer)));
        until(() -> peer.accepted() == 20, peer::accepted);
        read.countDown();
        LoadReport report = await(client.finished());
        assertFailed(report, "ECONNRESET", 20);
        assertThat(report.connected()).isEqualTo(20);
        assertThat(report.bytesBeforeReset()).isEqualTo(report.bytesReceived()).isLessThanOrEqualTo(200);
    }

    @Test
    void anEndBeforeTheWholeAnswer() {
        Peer peer = peer(connection ->
                connection.getOutputStream().write(connection.getInputStream().readNBytes(SIZE), 0, SIZE / 2));
        LoadReport report = run(times(20, plan(new ShortLived(), peer)));
        assertFailed(report, LoadReport.END_OF_STREAM, 20);
        assertThat(report.bytesReceived()).isEqualTo(20 * SIZE / 2);
        assertThat(report.bytesBeforeReset()).isZero();
    }

    @Test
    void noPortsLeft() {
        Peer peer = peer(Peer.echo());
        Sysctls.of(namespace).write(PORT_RANGE, "40000 40009");
        LabClient client = start(times(30, plan(new Hold(), peer)));
        LoadReport report = await(client.established());
        assertThat(report.connected()).isEqualTo(10);
        assertThat(report.failures()).isEqualTo(Map.of("EADDRNOTAVAIL", 20L));
        client.release();
        assertThat(await(client.finished()).completed()).isEqualTo(10);
    }

    @Test
    void aSourcesPortsServeEachTarget() {
        LoadPlan plan = times(20, plan(new Hold(), peer(Peer.echo()), peer(Peer.echo())))
                .withSources(List.of(new InetSocketAddress("127.0.0.2", 0)));
        Sysctls.of(namespace).write(PORT_RANGE, "40000 40009");
        LoadReport report = await(start(plan).established());
        switch (transport) {
            case EPOLL, IO_URING -> assertThat(report.connected()).isEqualTo(20);
            // No IP_BIND_ADDRESS_NO_PORT: bind(2) has to choose a port that no other socket has.
            case NIO -> {
                assertThat(report.connected()).isEqualTo(10);
                assertThat(report.failures()).isEqualTo(Map.of("EADDRINUSE", 10L));
            }
        }
    }

    /**
     * connect(2) passes over a port to which any socket is bound by bind(2), a listener on another address too
     * (__inet_hash_connect() in net/ipv4/inet_hashtables.c); bind(2) itself looks at the addresses.
     */
    @Test
    void aPortThatSomebodyListensOnServesNoTarget() {
        Peer inside = closing(Peer.serve(namespace, 40_003, Peer.echo()));
        LoadPlan plan = times(20, plan(new Hold(), inside, peer(Peer.echo())))
                .withSources(List.of(new InetSocketAddress("127.0.0.2", 0)));
        Sysctls.of(namespace).write(PORT_RANGE, "40000 40009");
        LoadReport report = await(start(plan).established());
        switch (transport) {
            case EPOLL, IO_URING -> {
                assertThat(report.connected()).isEqualTo(18);
                assertThat(report.failures()).isEqualTo(Map.of("EADDRNOTAVAIL", 2L));
            }
            case NIO -> {
                assertThat(report.connected()).isEqualTo(10);
                assertThat(report.failures()).isEqualTo(Map.of("EADDRINUSE", 10L));
            }
        }
    }

    @Test
    void anExplicitPortServesEachTargetOnce() {
        Peer left = peer(Peer.echo());
        Peer right = peer(Peer.echo());
        LoadPlan plan = times(4, plan(new Hold(), left, right))
                .withSources(List.of(new InetSocketAddress("127.0.0.2", 50_000)));
        LoadReport report = await(start(plan).established());
        assertThat(report.connected()).isEqualTo(2);
        assertThat(report.failures()).isEqualTo(Map.of("EADDRNOTAVAIL", 2L));
        until(() -> left.accepted() == 1 && right.accepted() == 1, left::accepted);
    }

    @Test
    void anAddressThatIsNotOurs() {
        LoadPlan plan = times(5, plan(new ShortLived(), peer(Peer.echo())))
                .withSources(List.of(new InetSocketAddress("192.0.2.1", 0)));
        assertFailed(run(plan), "EADDRNOTAVAIL", 5);
    }

    @Test
    void nobodyAcceptsAndOurTimerIsFaster() throws IOException {
        LoadPlan plan = times(5, plan(new ShortLived(), blackHole()));
        LoadReport report = run(plan.withConnectTimeout(Duration.ofMillis(50)));
        assertFailed(report, "ConnectTimeoutException", 5);
    }

    @Test
    void nobodyAcceptsAndTheKernelGivesUp() throws IOException {
        Sysctls.of(namespace).write("net.ipv4.tcp_syn_retries", "1");
        assertFailed(run(times(5, plan(new ShortLived(), blackHole()))), "ETIMEDOUT", 5);
    }

    /** A listener whose accept queue is full: the kernel drops every SYN. */
    private InetSocketAddress blackHole() throws IOException {
        ServerSocket listener = closing(Peer.listen(namespace, 1));
        int port = listener.getLocalPort();
        for (int i = 0; i < 2; i++) {
            closing(namespace.call(() -> new Socket(InetAddress.getLoopbackAddress(), port)));
        }
        return (InetSocketAddress) listener.getLocalSocketAddress();
    }

    private static void assertFailed(LoadReport report, String name, long operations) {
        assertThat(report.failures()).isEqualTo(Map.of(name, operations));
        assertThat(report.intended()).isEqualTo(operations);
        assertThat(report.inFlight()).isZero();
        assertThat(report.completionLatency().count()).isZero();
    }
}
