package io.tcplab.kernel.counters;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.kernel.calls.Socket;
import io.tcplab.kernel.calls.Sockets;
import io.tcplab.kernel.sockets.SockDiag;
import io.tcplab.kernel.sockets.SocketQuery;
import io.tcplab.kernel.sockets.SocketTimer;
import io.tcplab.kernel.sockets.TcpSocket;
import io.tcplab.kernel.sockets.TcpState;
import io.tcplab.kernel.support.Await;
import io.tcplab.kernel.support.TestCell;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Each abort as the kernel counts it, and TcpOutRsts of the same host, which counts what left by itself. */
class AbortCounterTest {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final TestCell cell = new TestCell();
    private final Sockets clients = new Sockets(cell.client());
    private final Sockets servers = new Sockets(cell.server());
    private final CounterReader reader = CounterReader.open(cell.client());
    private final Socket listener = servers.open();
    private Counters before = reader.read();

    AbortCounterTest() {
        listener.bind(new InetSocketAddress(TestCell.SERVER, 0)).orThrow("bind");
        listener.listen(8).orThrow("listen");
    }

    private record Pair(Socket client, Socket server) {}

    @AfterEach
    void close() throws IOException {
        reader.close();
        clients.close();
        servers.close();
        cell.close();
    }

    @Test
    void closeWithUnreadDataSendsRst() throws Exception {
        Pair pair = connect();
        pair.server().send(1).orThrow("send");
        one(TcpState.ESTABLISHED, socket -> socket.recvQueue() == 1);
        pair.client().close();
        assertCounted(AbortCounter.ON_CLOSE, 1);
    }

    @Test
    void closeWithLingerZeroSendsRst() throws Exception {
        Pair pair = connect();
        pair.client().linger(0).orThrow("SO_LINGER");
        pair.client().close();
        assertCounted(AbortCounter.ON_DATA, 1);
    }

    @Test
    void closeWithLingerZeroOfAConnectUnderWaySendsNothing() throws Exception {
        cell.misdirect(cell.client(), TestCell.SERVER);
        Socket client = clients.open();
        client.startConnect(listener.local());
        client.linger(0).orThrow("SO_LINGER");
        client.close();
        assertCounted(AbortCounter.ON_DATA, 0);
    }

    @Test
    void closeInFinWait2WithLinger2BelowZeroSendsRst() throws Exception {
        Pair pair = connect();
        pair.client().shutdownOutput().orThrow("shutdown");
        one(TcpState.FIN_WAIT2, socket -> true);
        pair.client().linger2(-1).orThrow("TCP_LINGER2");
        pair.client().close();
        assertCounted(AbortCounter.ON_LINGER, 1);
    }

    @Test
    void whatIsRetransmittedInVainEndsWithoutRst() throws Exception {
        Pair pair = connect();
        pair.client().userTimeout(SECOND).orThrow("TCP_USER_TIMEOUT");
        cell.misdirect(cell.client(), TestCell.SERVER);
        pair.client().send(1).orThrow("send");
        assertThat(pair.client().receive(1, SOON).name()).isEqualTo("ETIMEDOUT");
        assertCounted(AbortCounter.ON_TIMEOUT, 0);
    }

    @Test
    void whatKeepaliveEndsSendsRst() throws Exception {
        Pair pair = connect();
        pair.client().keepalive(SECOND, SECOND, 1).orThrow("SO_KEEPALIVE");
        cell.misdirect(cell.client(), TestCell.SERVER);
        assertThat(pair.client().receive(1, SOON).name()).isEqualTo("ETIMEDOUT");
        assertCounted(AbortCounter.ON_TIMEOUT, 1);
    }

    /** The peer's kernel answers each probe, since only its program doesn't read. TCP_USER_TIMEOUT ends it all the same. */
    @Test
    void userTimeoutEndsWhatAPeerThatIsAliveDoesNotRead() throws Exception {
        Pair pair = connect();
        pair.client().userTimeout(SECOND.multipliedBy(3)).orThrow("TCP_USER_TIMEOUT");
        while (pair.client().send(1 << 16).ok()) {
            // until its own buffer is full, too
        }
        TcpSocket probed = one(
                TcpState.ESTABLISHED,
                socket -> socket.timer().kind() == SocketTimer.Kind.PROBE
                        && socket.timer().retransmits() == 0
                        && socket.timer().expiresIn().compareTo(SECOND) > 0);
        assertThat(probed.sendQueue()).isPositive();
        Await.until(pair.client()::error, error -> error.isPresent());
        assertCounted(AbortCounter.ON_TIMEOUT, 0);
    }

    private void assertCounted(AbortCounter counter, long rsts) throws Exception {
        Counters went = Await.until(() -> reader.read().since(before), now -> now.get(counter.counter()) > 0);
        assertThat(went.get(counter.counter())).isEqualTo(1);
        assertThat(went.get("TcpOutRsts")).isEqualTo(rsts);
        assertThat(List.of(AbortCounter.values()))
                .filteredOn(other -> other != counter)
                .allSatisfy(other -> assertThat(went.get(other.counter())).isZero());
    }

    private Pair connect() throws InterruptedException {
        Socket client = clients.open();
        client.connect(listener.local(), SOON).orThrow("connect");
        Pair pair = new Pair(client, listener.accept(SOON).orThrow("accept"));
        before = reader.read();
        return pair;
    }

    /** The client's only socket in this state, once it is as wanted. */
    private TcpSocket one(TcpState state, Predicate<TcpSocket> wanted) throws Exception {
        try (SockDiag diag = SockDiag.open(cell.client())) {
            return Await.until(
                            () -> diag.census(SocketQuery.ofStates(state)).sockets(),
                            sockets -> sockets.stream().anyMatch(wanted))
                    .getFirst();
        }
    }
}
