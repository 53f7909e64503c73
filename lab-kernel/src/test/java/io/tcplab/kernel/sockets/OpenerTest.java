package io.tcplab.kernel.sockets;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.kernel.calls.Socket;
import io.tcplab.kernel.calls.Sockets;
import io.tcplab.kernel.support.Await;
import io.tcplab.kernel.support.TestCell;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The kernel tells who opened a connection: with data in both directions, in flight, half closed, and without a listener. */
class OpenerTest {
    private static final Duration SOON = Duration.ofSeconds(10);

    private final TestCell cell = new TestCell();
    private final Sockets clients = new Sockets(cell.client());
    private final Sockets servers = new Sockets(cell.server());
    private final SockDiag atClient = SockDiag.open(cell.client());
    private final SockDiag atServer = SockDiag.open(cell.server());

    private record Seen(TcpState state, long syns, long sendQueue) {}

    @AfterEach
    void close() throws IOException {
        atClient.close();
        atServer.close();
        clients.close();
        servers.close();
        cell.close();
    }

    @ParameterizedTest
    @CsvSource({"INET, 10.77.0.2, 10.77.0.1", "INET6, fd77::2, fd77::1"})
    void fromTheHandshakeToTheEnd(StandardProtocolFamily family, String address, String from) throws Exception {
        Socket listener = servers.open(family);
        listener.bind(new InetSocketAddress(address, 0)).orThrow("bind");
        listener.listen(8).orThrow("listen");
        Socket client = clients.open(family);
        client.connect(listener.local(), SOON).orThrow("connect");
        Socket server = listener.accept(SOON).orThrow("accept");
        listener.close();
        assertOpenedByClient(TcpState.ESTABLISHED, TcpState.ESTABLISHED);
        client.send(100_000).orThrow("send");
        server.send(77).orThrow("send");
        assertOpenedByClient(TcpState.ESTABLISHED, TcpState.ESTABLISHED);
        cell.misdirect(cell.server(), from);
        server.send(5).orThrow("send");
        assertOpenedByClient(TcpState.ESTABLISHED, TcpState.ESTABLISHED);
        cell.redirect(cell.server(), from);
        client.shutdownOutput().orThrow("shutdown");
        assertOpenedByClient(TcpState.FIN_WAIT2, TcpState.CLOSE_WAIT);
    }

    private void assertOpenedByClient(TcpState client, TcpState server) throws Exception {
        Await.until(() -> seen(atClient), seen -> seen.contains(new Seen(client, 1, 0)));
        assertThat(Await.until(() -> seen(atServer), seen -> seen.stream().anyMatch(socket -> socket.state == server)))
                .allSatisfy(socket -> assertThat(socket.syns).isZero());
    }

    private static List<Seen> seen(SockDiag diag) {
        return diag.rows(
                        SocketQuery.all().withTcpInfo(),
                        message -> new Seen(message.state(), message.acknowledgedSyns(), message.sendQueue()))
                .rows();
    }
}
