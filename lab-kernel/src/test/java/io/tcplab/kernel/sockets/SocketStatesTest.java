package io.tcplab.kernel.sockets;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.kernel.netns.Namespace;
import io.tcplab.kernel.support.Await;
import io.tcplab.kernel.support.SsRow;
import io.tcplab.kernel.support.TestCell;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Every state of TCP, reached by real sockets over IPv4 and IPv6. Each time, the census must say what ss says. */
@ParameterizedClass
@EnumSource
class SocketStatesTest {
    private static final int NINE = 9;

    /** How client and server reach each other. */
    enum Family {
        IPV4(TestCell.CLIENT, TestCell.SERVER, "10.77.0.99"),
        IPV6(TestCell.CLIENT6, TestCell.SERVER6, "fd77::99");

        private final String client;
        private final String server;
        private final String nobody;

        Family(String client, String server, String nobody) {
            this.client = client;
            this.server = server;
            this.nobody = nobody;
        }
    }

    private record Connection(SocketChannel client, SocketChannel server) {}

    private final Family family;
    private final TestCell cell = new TestCell();
    private final SockDiag client = SockDiag.open(cell.client());
    private final SockDiag server = SockDiag.open(cell.server());

    SocketStatesTest(Family family) {
        this.family = family;
    }

    /** Orphans that nobody answers would keep the namespaces alive for minutes. */
    @AfterEach
    void close() throws IOException {
        client.destroy(SocketQuery.all());
        server.destroy(SocketQuery.all());
        client.close();
        server.close();
        cell.close();
    }

    @Test
    void listenAndEstablished() throws Exception {
        connect();
        assertThat(await(server, TcpState.LISTEN).peer().getPort()).isZero();
        assertThat(await(server, TcpState.ESTABLISHED).hasOwner()).isTrue();
        TcpSocket socket = await(client, TcpState.ESTABLISHED);
        assertThat(socket.local().getAddress()).isEqualTo(InetAddress.ofLiteral(family.client));
        assertThat(socket.peer().getAddress()).isEqualTo(InetAddress.ofLiteral(family.server));
        agreesWithSs();
    }

    @Test
    void boundAndNeitherListeningNorConnected() throws Exception {
        try (SocketChannel bound = cell.client()
                .call(() ->
                        SocketChannel.open().bind(new InetSocketAddress(InetAddress.ofLiteral(family.client), NINE)))) {
            TcpSocket socket = client.census(SocketQuery.ofStates(TcpState.CLOSE))
                    .in(TcpState.CLOSE)
                    .getFirst();
            assertThat(socket.local()).isEqualTo(bound.getLocalAddress());
            assertThat(socket.hasOwner()).isTrue();
            assertThat(client.census(SocketQuery.all()).sockets()).isEmpty();
        }
        assertThat(client.census(SocketQuery.ofStates(TcpState.CLOSE)).sockets())
                .isEmpty();
    }

    @Test
    void synSent() throws Exception {
        // Known by name: one that doesn't answer when asked for ends the attempt after three seconds (EHOSTUNREACH).
        cell.misdirect(cell.client(), family.nobody);
        cell.connecting(new InetSocketAddress(InetAddress.ofLiteral(family.nobody), NINE));
        TcpSocket socket = await(client, TcpState.SYN_SENT);
        assertThat(socket.timer().kind()).isEqualTo(SocketTimer.Kind.RETRANSMIT);
        assertThat(socket.timer().expiresIn()).isBetween(Duration.ZERO, Duration.ofSeconds(2));
        assertThat(client.census(SocketQuery.all().withTcpInfo())
                        .in(TcpState.SYN_SENT)
                        .getFirst()
                        .info()
                        .orElseThrow()
                        .get(TcpInfoField.LAST_ACK_RECV))
                .isEmpty();
        assertThat(socket.peer()).isEqualTo(new InetSocketAddress(InetAddress.ofLiteral(family.nobody), NINE));
        agreesWithSs();
    }

    @Test
    void synRecv() throws Exception {
        ServerSocketChannel listener = cell.listen(family.server, 8);
        cell.redirect(cell.client(), family.server);
        cell.misdirect(cell.server(), family.client);
        cell.connecting(TestCell.address(listener));
        TcpSocket request = await(server, TcpState.SYN_RECV);
        assertThat(request.hasOwner()).isFalse();
        assertThat(request.local()).isEqualTo(TestCell.address(listener));
        assertThat(request.timer().kind()).isEqualTo(SocketTimer.Kind.RETRANSMIT);
        assertThat(server.counts(SocketQuery.ofStates(TcpState.NEW_SYN_RECV)).of(TcpState.SYN_RECV))
                .as("the request socket's own state finds it too")
                .isEqualTo(1);
        await(client, TcpState.SYN_SENT);
        agreesWithSs();
    }

    @Test
    void closeWaitAndFinWait2() throws Exception {
        connect().client.shutdownOutput();
        assertThat(await(server, TcpState.CLOSE_WAIT).recvQueue())
                .as("the FIN that nobody has read")
                .isEqualTo(1);
        TcpSocket halfClosed = await(client, TcpState.FIN_WAIT2);
        assertThat(halfClosed.hasOwner()).isTrue();
        assertThat(halfClosed.timer().kind()).isEqualTo(SocketTimer.Kind.NONE);
        agreesWithSs();
    }

    @Test
    void finWait2AsMinisocket() throws Exception {
        SocketChannel closing = connect().client;
        // First: where the FIN's ACK comes while close() still owns the socket, the kernel keeps the whole one
        // (tcp_rcv_state_process() in net/ipv4/tcp_input.c).
        closing.shutdownOutput();
        await(client, TcpState.FIN_WAIT2);
        closing.close();
        TcpSocket orphan = await(client, TcpState.FIN_WAIT2);
        assertThat(orphan.hasOwner()).isFalse();
        assertThat(orphan.timer().kind()).isEqualTo(SocketTimer.Kind.TIME_WAIT);
        agreesWithSs();
    }

    @Test
    void timeWait() throws Exception {
        Connection connection = connect();
        connection.client.close();
        await(server, TcpState.CLOSE_WAIT);
        connection.server.close();
        TcpSocket socket = await(client, TcpState.TIME_WAIT);
        assertThat(socket.timer().kind()).isEqualTo(SocketTimer.Kind.TIME_WAIT);
        assertThat(socket.timer().expiresIn()).isBetween(Duration.ofSeconds(40), Duration.ofSeconds(61));
        Await.until(() -> server.counts(SocketQuery.all()).total(), total -> total == 1);
        agreesWithSs();
    }

    @Test
    void finWait1() throws Exception {
        Connection connection = connect();
        cell.misdirect(cell.client(), family.server);
        connection.client.shutdownOutput();
        assertThat(await(client, TcpState.FIN_WAIT1).timer().kind()).isEqualTo(SocketTimer.Kind.RETRANSMIT);
        await(server, TcpState.ESTABLISHED);
        agreesWithSs();
    }

    @Test
    void lastAck() throws Exception {
        Connection connection = connect();
        connection.client.shutdownOutput();
        await(server, TcpState.CLOSE_WAIT);
        cell.misdirect(cell.server(), family.client);
        connection.server.close();
        assertThat(await(server, TcpState.LAST_ACK).hasOwner()).isFalse();
        agreesWithSs();
    }

    @Test
    void closing() throws Exception {
        Connection connection = connect();
        cell.misdirect(cell.client(), family.server);
        cell.misdirect(cell.server(), family.client);
        connection.client.shutdownOutput();
        connection.server.shutdownOutput();
        await(client, TcpState.FIN_WAIT1);
        await(server, TcpState.FIN_WAIT1);
        // The client's FIN arrives at last; the server's own, and its ACK, still do not.
        cell.redirect(cell.client(), family.server);
        await(server, TcpState.CLOSING);
        agreesWithSs();
    }

    private Connection connect() throws IOException {
        ServerSocketChannel listener = cell.listen(family.server, 8);
        return new Connection(cell.connect(listener), cell.accept(listener));
    }

    /** Waits until one socket is in this state. */
    private static TcpSocket await(SockDiag diag, TcpState state) throws Exception {
        return Await.until(() -> diag.census(SocketQuery.all()), census -> census.count(state) == 1)
                .in(state)
                .getFirst();
    }

    private void agreesWithSs() throws Exception {
        assertThat(counts(client)).isEqualTo(ssCounts(cell.client()));
        assertThat(counts(server)).isEqualTo(ssCounts(cell.server()));
    }

    private static Map<TcpState, Integer> counts(SockDiag diag) {
        return diag.counts(SocketQuery.all()).byState();
    }

    private static Map<TcpState, Integer> ssCounts(Namespace namespace) throws IOException, InterruptedException {
        EnumMap<TcpState, Integer> counts = new EnumMap<>(TcpState.class);
        TcpState.reported().forEach(state -> counts.put(state, 0));
        for (SsRow row : SsRow.in(namespace)) {
            counts.merge(state(row.state()), 1, Integer::sum);
        }
        return counts;
    }

    private static TcpState state(String ss) {
        return switch (ss) {
            case "ESTAB" -> TcpState.ESTABLISHED;
            case "FIN-WAIT-1" -> TcpState.FIN_WAIT1;
            case "FIN-WAIT-2" -> TcpState.FIN_WAIT2;
            default -> TcpState.valueOf(ss.replace('-', '_'));
        };
    }
}
