package io.tcplab.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.netty.channel.WriteBufferWaterMark;
import io.tcplab.kernel.counters.Counters;
import io.tcplab.kernel.sockets.SocketTimer;
import io.tcplab.kernel.sockets.TcpState;
import io.tcplab.transport.Transport;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The behaviours that come to an end by themselves: what the peer gets, and what the kernel shows, on each transport.
 */
@ParameterizedClass
@EnumSource
class EchoingTest {
    private final Bench bench;

    EchoingTest(Transport transport) {
        bench = new Bench(transport);
    }

    @AfterEach
    void close() throws IOException {
        bench.close();
    }

    @Test
    void wellBehavedEchoesAndClosesAfterItsPeer() throws IOException {
        bench.start("well-behaved");
        Socket peer = bench.connectAndEcho();
        peer.shutdownOutput();

        assertThat(peer.getInputStream().read()).isEqualTo(-1);
        bench.awaitClosed(CloseCause.PEER_EOF, 1);
        // Who closes first has the TIME_WAIT.
        await().atMost(Bench.DEADLINE)
                .until(() -> bench.atPeers(TcpState.TIME_WAIT).size() == 1);
        bench.awaitNoneAtServer();
        assertThat(bench.atServer(TcpState.TIME_WAIT)).isEmpty();
    }

    @Test
    void closingFirstLeavesTimeWaitAtTheServer() throws IOException {
        bench.start("well-behaved:closes-first=true");
        Socket peer = bench.connectAndEcho();

        assertThat(peer.getInputStream().read()).isEqualTo(-1);
        // In FIN_WAIT1 first: the peer delays the ACK of our FIN, hoping to send it with its own.
        bench.awaitAtServer(TcpState.FIN_WAIT2, 1, socket -> true);
        peer.close();
        bench.awaitAtServer(TcpState.TIME_WAIT, 1, socket -> !socket.hasOwner());
        bench.awaitClosed(CloseCause.LOCAL_CLOSE, 1);
    }

    @Test
    void echoesMoreThanTheBuffersHoldToPeerThatReadsLate() throws Exception {
        bench.start("well-behaved");
        int length = 16 << 20;
        assertEchoes(length);
        assertThat(bench.count(ServerMeter.RECEIVED)).isEqualTo(length);
        await().atMost(Bench.DEADLINE).until(() -> bench.count(ServerMeter.SENT) == length);
    }

    /** What a peer sends comes back whole, while it still sends. */
    private void assertEchoes(int length) throws Exception {
        byte[] sent = new byte[length];
        new Random(1).nextBytes(sent);
        Socket peer = bench.connect();
        CompletableFuture<Void> sending = CompletableFuture.runAsync(() -> sendAll(peer, sent));

        byte[] received = peer.getInputStream().readAllBytes();
        sending.get(Bench.DEADLINE.toSeconds(), TimeUnit.SECONDS);
        assertThat(received).isEqualTo(sent);
    }

    private static void sendAll(Socket peer, byte[] bytes) {
        try {
            peer.getOutputStream().write(bytes);
            peer.shutdownOutput();
        } catch (IOException failure) {
            throw new AssertionError(failure);
        }
    }

    @Test
    void slowResponseKeepsTheOrder() throws IOException {
        bench.start("slow-response:delay=50ms");
        Socket peer = bench.connect();
        for (int i = 0; i < 5; i++) {
            peer.getOutputStream().write('a' + i);
        }
        peer.shutdownOutput();

        assertThat(peer.getInputStream().readAllBytes()).containsExactly('a', 'b', 'c', 'd', 'e');
        bench.awaitClosed(CloseCause.PEER_EOF, 1);
    }

    @Test
    void slowResponseReadsEofWhileAnswersAreDue() throws IOException {
        bench.start("slow-response:delay=1h");
        for (int i = 0; i < 2; i++) {
            Socket peer = bench.connect();
            peer.getOutputStream().write('x');
            peer.shutdownOutput();
        }
        bench.awaitAtServer(TcpState.CLOSE_WAIT, 2, socket -> socket.recvQueue() == 0 && socket.hasOwner());
    }

    @Test
    void slowResponseAnswersAllOfALongRequestThoughItReadsItInParts() throws Exception {
        bench.start("slow-response:delay=5ms");
        assertEchoes(2 << 20);
        bench.awaitClosed(CloseCause.PEER_EOF, 1);
    }

    @Test
    void slowResponseReadsNoFurtherWhileMuchIsDue() throws Exception {
        LabServer server = bench.start("slow-response:delay=1h");
        Socket flooding = bench.connect();
        CompletableFuture<Void> sending = CompletableFuture.runAsync(() -> sendAll(flooding, new byte[32 << 20]));

        // The kernel's buffers are full on both sides: whoever wanted to read would have read.
        await().atMost(Bench.DEADLINE)
                .until(
                        () -> bench.atPeers(TcpState.ESTABLISHED),
                        peers -> peers.size() == 1 && peers.getFirst().timer().kind() == SocketTimer.Kind.PROBE);
        int mark = WriteBufferWaterMark.DEFAULT.high();
        assertThat(bench.count(ServerMeter.RECEIVED)).isGreaterThan(mark).isLessThan(3 * mark);
        Socket other = bench.connect();
        double before = bench.count(ServerMeter.RECEIVED);
        other.getOutputStream().write('x');
        await().atMost(Bench.DEADLINE).until(() -> bench.count(ServerMeter.RECEIVED) == before + 1);
        server.close();
        assertThat(sending).failsWithin(Bench.DEADLINE);
    }

    @Test
    void responsesStillDueAreFreedWithTheServer() throws IOException {
        LabServer server = bench.start("slow-response:delay=1h");
        Socket peer = bench.connect();
        peer.getOutputStream().write(new byte[5000]);
        await().atMost(Bench.DEADLINE).until(() -> bench.count(ServerMeter.RECEIVED) == 5000);

        server.close();
        assertThat(bench.closed(CloseCause.SHUTDOWN)).isEqualTo(1);
        // bench.close() looks for the leak.
    }

    @Test
    void lingerZeroResetsAndLeavesNoTimeWait() throws IOException {
        bench.start("linger-zero:answers=false");
        Counters before = bench.counters.read();
        Socket peer = bench.connect();
        peer.getOutputStream().write('x');

        assertThatThrownBy(() -> peer.getInputStream().read())
                .isInstanceOf(SocketException.class)
                .hasMessage("Connection reset");
        bench.awaitClosed(CloseCause.LOCAL_CLOSE, 1);
        Counters since = bench.counters.read().since(before);
        assertThat(since.get("TcpExtTCPAbortOnData")).isEqualTo(1);
        assertThat(since.get("TcpOutRsts")).isEqualTo(1);
        assertThat(bench.atServer(TcpState.TIME_WAIT)).isEmpty();
        assertThat(bench.atPeers(TcpState.TIME_WAIT)).isEmpty();
    }

    @Test
    void lingerZeroWaitsForItsBytes() throws IOException {
        bench.start("linger-zero:after-bytes=3");
        Socket peer = bench.connectAndEcho();
        Bench.echo(peer, 'y');
        assertThat(bench.atServer(TcpState.ESTABLISHED)).hasSize(1);

        peer.getOutputStream().write('z');
        bench.awaitClosed(CloseCause.LOCAL_CLOSE, 1);
        bench.awaitNoneAtServer();
    }

    private Socket halfClosed(String behaviour) throws IOException {
        bench.start(behaviour);
        Socket peer = bench.connectAndEcho();
        peer.shutdownOutput();
        return peer;
    }

    @Test
    void halfCloseThenSendSendsAllThatWasAskedFor() throws IOException {
        Socket peer = halfClosed("half-close-then-send:bytes=300000,for=200ms");

        assertThat(peer.getInputStream().readAllBytes()).hasSize(300_000).containsOnly(0);
        bench.awaitClosed(CloseCause.PEER_EOF, 1);
    }

    @Test
    void halfCloseThenSendSendsInCloseWaitToFinWait2() throws IOException {
        Socket peer = halfClosed("half-close-then-send:bytes=1GiB,for=1h");

        bench.awaitAtServer(TcpState.CLOSE_WAIT, 1, socket -> socket.recvQueue() == 0 && socket.hasOwner());
        assertThat(bench.atPeers(TcpState.FIN_WAIT2)).hasSize(1);
        assertThat(peer.getInputStream().readNBytes(100_000)).hasSize(100_000);
        assertThat(bench.atServer(TcpState.CLOSE_WAIT)).hasSize(1);
    }

    @Test
    void halfCloseThenSendWaitsForAPeerThatReadsLate() throws IOException {
        Socket peer = halfClosed("half-close-then-send:bytes=32MiB,for=0s");

        // Both buffers are full: what is left must wait until the socket is writable again.
        bench.awaitAtServer(TcpState.CLOSE_WAIT, 1, socket -> socket.timer().kind() == SocketTimer.Kind.PROBE);
        assertThat(peer.getInputStream().readAllBytes()).hasSize(32 << 20);
        bench.awaitClosed(CloseCause.PEER_EOF, 1);
    }

    @Test
    void halfCloseThenSendEndsWhenItsPeerIsGone() throws IOException {
        bench.start("half-close-then-send:bytes=1GiB,for=1h");
        Socket peer = bench.connectAndEcho();
        peer.close();

        bench.awaitClosed(CloseCause.PEER_RESET, 1);
        bench.awaitNoneAtServer();
    }

    @Test
    void resetByThePeerIsClosedAndCountedAsSuch() throws IOException {
        bench.start("well-behaved");
        Socket peer = bench.connectAndEcho();
        peer.setSoLinger(true, 0);
        peer.close();

        bench.awaitClosed(CloseCause.PEER_RESET, 1);
    }
}
