package io.tcplab.kernel.sockets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tcplab.kernel.netns.Namespace;
import io.tcplab.kernel.support.Await;
import io.tcplab.kernel.support.SsRow;
import io.tcplab.kernel.support.TestCell;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Queries, the port filter and destruction, on real sockets. */
class SockDiagTest {
    private static final ByteBuffer GREETING = ByteBuffer.wrap(new byte[6]).asReadOnlyBuffer();

    @AutoClose
    private final TestCell cell = new TestCell();

    @AutoClose
    private final SockDiag server = SockDiag.open(cell.server());

    @AutoClose
    private final SockDiag client = SockDiag.open(cell.client());

    @ParameterizedTest
    @ValueSource(strings = {TestCell.SERVER, TestCell.SERVER6})
    void thePortFilterSelectsInTheKernel(String address) throws Exception {
        ServerSocketChannel wanted = cell.listen(address, 8);
        ServerSocketChannel other = cell.listen(address, 8);
        SocketChannel first = cell.connect(wanted);
        cell.connect(wanted);
        cell.connect(other);
        cell.awaitEstablished(3);
        int port = TestCell.port(wanted);
        int firstPort = ((InetSocketAddress) first.getLocalAddress()).getPort();
        assertThat(server.counts(SocketQuery.all()).total()).isEqualTo(5);
        assertThat(server.census(SocketQuery.all().withLocalPort(port)).sockets())
                .hasSize(3)
                .allMatch(socket -> socket.local().getPort() == port);
        assertThat(server.census(SocketQuery.all().withLocalPort(port).withPeerPort(firstPort))
                        .sockets())
                .singleElement()
                .satisfies(socket -> assertThat(socket.peer()).isEqualTo(first.getLocalAddress()));
        assertThat(client.counts(SocketQuery.all().withPeerPort(port)).total()).isEqualTo(2);
        assertThat(server.counts(SocketQuery.ofStates(TcpState.LISTEN).withLocalPort(port))
                        .total())
                .isEqualTo(1);
    }

    @Test
    void aCensusStaysInItsNamespace() throws Exception {
        ServerSocketChannel listener = cell.listen(TestCell.SERVER, 8);
        cell.connect(listener);
        try (SockDiag here = SockDiag.open(Namespace.current())) {
            assertThat(here.census(SocketQuery.all().withLocalPort(TestCell.port(listener)))
                            .sockets())
                    .noneMatch(socket ->
                            socket.local().getAddress().getHostAddress().equals(TestCell.SERVER));
        }
        assertThat(client.counts(SocketQuery.all()).of(TcpState.LISTEN)).isZero();
    }

    @Test
    void theAcceptQueueIsTold() throws Exception {
        ServerSocketChannel listener = cell.listen(TestCell.SERVER, 3);
        cell.connect(listener);
        cell.connect(listener);
        cell.awaitEstablished(2);
        TcpSocket listening = only(server, TcpState.LISTEN);
        assertThat(listening.acceptQueue()).isEqualTo(2);
        assertThat(listening.backlog()).isEqualTo(3);
        assertThat(server.census(SocketQuery.ofStates(TcpState.ESTABLISHED)).sockets())
                .as("established before accept(), and nobody's")
                .hasSize(2)
                .noneMatch(TcpSocket::hasOwner);
        cell.accept(listener);
        assertThat(only(server, TcpState.LISTEN).acceptQueue()).isEqualTo(1);
    }

    @Test
    void tcpInfoIsTheKernels() throws Exception {
        ServerSocketChannel listener = cell.listen(TestCell.SERVER, 3);
        SocketChannel socket = cell.connect(listener);
        socket.write(GREETING.duplicate());
        TcpSocket seen = Await.until(
                () -> client.census(SocketQuery.ofStates(TcpState.ESTABLISHED).withTcpInfo())
                        .sockets()
                        .getFirst(),
                it -> it.sendQueue() == 0);
        TcpInfo info = seen.info().orElseThrow();
        assertThat(info.require(TcpInfoField.BYTES_ACKED)).isEqualTo(GREETING.remaining() + 1);
        assertThat(info.require(TcpInfoField.STATE)).isEqualTo(TcpState.ESTABLISHED.number());
        assertThat(info.require(TcpInfoField.PMTU)).isEqualTo(1500);
        assertThat(seen.hasOwner()).isTrue();
        assertThat(only(client, TcpState.ESTABLISHED).info())
                .as("not asked for")
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {TestCell.SERVER, TestCell.SERVER6})
    void destroyedConnectionsAreAbortedOnBothSides(String address) throws Exception {
        ServerSocketChannel listener = cell.listen(address, 8);
        SocketChannel ours = cell.connect(listener);
        SocketChannel theirs = cell.accept(listener);
        cell.connect(listener);
        cell.awaitEstablished(2);
        int port = ((InetSocketAddress) ours.getLocalAddress()).getPort();
        assertThat(server.destroy(SocketQuery.all().withPeerPort(port))).isEqualTo(1);
        assertThatThrownBy(() -> theirs.read(ByteBuffer.allocate(1)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("abort");
        assertThatThrownBy(() -> ours.read(ByteBuffer.allocate(1)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("reset");
        assertThat(server.counts(SocketQuery.all()).of(TcpState.ESTABLISHED)).isEqualTo(1);
    }

    @Test
    void manyDatagramsMakeOneCensusAndMayBeDestroyedAtOnce() throws Exception {
        ServerSocketChannel listener = cell.listen(TestCell.SERVER, 2000);
        int connections = 1000;
        for (int i = 0; i < connections; i++) {
            cell.connect(listener);
        }
        cell.awaitEstablished(connections);
        Census census = server.census(SocketQuery.ofStates(TcpState.ESTABLISHED).withTcpInfo());
        assertThat(census.complete()).isTrue();
        assertThat(census.sockets().stream().map(TcpSocket::cookie).distinct()).hasSize(connections);
        assertThat(census.sockets()).allMatch(socket -> socket.info().isPresent());
        assertThat(server.destroy(SocketQuery.ofStates(TcpState.ESTABLISHED))).isEqualTo(connections);
        assertThat(server.counts(SocketQuery.ofStates(TcpState.ESTABLISHED)).total())
                .isZero();
    }

    private void establish(int connections, ServerSocketChannel listener) throws Exception {
        for (int i = 0; i < connections; i++) {
            cell.connect(listener);
        }
        cell.awaitEstablished(connections);
    }

    /** The kernel walks its table in many steps; whatever else changes, a socket that stays is seen once. */
    @Test
    void whatStaysIsSeenWhileOthersComeAndGo() throws Exception {
        ServerSocketChannel listener = cell.listen(TestCell.SERVER, 2000);
        establish(200, listener);
        int staying = TestCell.port(listener);
        ServerSocketChannel busy = cell.listen(TestCell.SERVER, 2000);
        FutureTask<Boolean> churn = new FutureTask<>(() -> churn(busy), true);
        Thread.ofPlatform().daemon().start(churn);
        List<Integer> seen = new ArrayList<>();
        while (!churn.isDone()) {
            seen.add(server.counts(SocketQuery.ofStates(TcpState.ESTABLISHED).withLocalPort(staying))
                    .total());
        }
        assertThat(churn.get()).isTrue();
        assertThat(seen).isNotEmpty().containsOnly(200);
    }

    @Test
    void anyThreadMayAskAndSeveralAtOnce() throws Exception {
        ServerSocketChannel listener = cell.listen(TestCell.SERVER, 64);
        establish(50, listener);
        List<FutureTask<Integer>> askers = IntStream.range(0, 8)
                .mapToObj(i ->
                        new FutureTask<>(() -> server.counts(SocketQuery.all()).total()))
                .toList();
        askers.forEach(Thread.ofVirtual()::start);
        for (FutureTask<Integer> asker : askers) {
            assertThat(asker.get()).isEqualTo(51);
        }
    }

    @Test
    void agreesWithSsOnQueues() throws Exception {
        ServerSocketChannel listener = cell.listen(TestCell.SERVER, 8);
        SocketChannel writer = cell.connect(listener);
        cell.connect(listener);
        cell.awaitEstablished(2);
        writer.write(GREETING.duplicate());
        Await.until(
                () -> server.census(SocketQuery.ofStates(TcpState.ESTABLISHED)).sockets(),
                sockets -> sockets.stream().anyMatch(socket -> socket.recvQueue() == GREETING.remaining()));
        List<SsRow> ours = server.census(SocketQuery.all()).sockets().stream()
                .map(socket -> new SsRow(
                        socket.state() == TcpState.LISTEN ? "LISTEN" : "ESTAB",
                        socket.recvQueue(),
                        socket.sendQueue(),
                        socket.local().getPort(),
                        socket.peer().getPort()))
                .toList();
        assertThat(ours).containsExactlyInAnyOrderElementsOf(SsRow.in(cell.server()));
    }

    @Test
    void afterCloseItRefuses() {
        SockDiag closed = SockDiag.open(cell.server());
        closed.close();
        closed.close();
        assertThatThrownBy(() -> closed.counts(SocketQuery.all())).isInstanceOf(IllegalStateException.class);
    }

    private void churn(ServerSocketChannel listener) {
        for (int i = 0; i < 300; i++) {
            try (SocketChannel channel = cell.client().call(() -> SocketChannel.open(TestCell.address(listener)));
                    SocketChannel accepted = listener.accept()) {
                accepted.shutdownOutput();
                channel.shutdownOutput();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static TcpSocket only(SockDiag diag, TcpState state) {
        List<TcpSocket> found = diag.census(SocketQuery.ofStates(state)).sockets();
        assertThat(found).hasSize(1);
        return found.getFirst();
    }
}
