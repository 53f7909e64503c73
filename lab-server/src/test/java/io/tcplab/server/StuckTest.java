package io.tcplab.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.awaitility.Awaitility.await;

import io.tcplab.kernel.sockets.TcpSocket;
import io.tcplab.kernel.sockets.TcpState;
import io.tcplab.transport.Transport;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The behaviours that leave connections in CLOSE_WAIT, told apart by the kernel alone, on each transport. */
@ParameterizedClass
@EnumSource
@Tag("slow")
class StuckTest {
    private final Bench bench;

    StuckTest(Transport transport) {
        bench = new Bench(transport);
    }

    @AfterEach
    void close() throws IOException {
        bench.close();
    }

    @Test
    void neverCloseHasReadItsEof() throws IOException {
        LabServer server = bench.start("never-close");
        for (int i = 0; i < 3; i++) {
            bench.connectAndEcho().close();
        }

        List<TcpSocket> stuck = bench.awaitAtServer(TcpState.CLOSE_WAIT, 3, socket -> socket.recvQueue() == 0);
        assertThat(stuck).allMatch(TcpSocket::hasOwner);
        assertThat(bench.active()).isEqualTo(3);
        server.close();
        assertThat(bench.closed(CloseCause.SHUTDOWN)).isEqualTo(3);
        assertThat(bench.atServer(TcpState.CLOSE_WAIT)).isEmpty();
    }

    /** As when the peer's FIN_WAIT_2 is over and it hears of the connection again. */
    @ParameterizedTest
    @ValueSource(strings = {"never-close", "plain-netty:half-closure=true"})
    void aResetAfterItsEofLeavesTheLoopAtRest(String keeping) throws IOException {
        LabServer server = bench.start(keeping);
        Socket peer = bench.connectAndEcho();
        peer.shutdownOutput();
        bench.awaitAtServer(TcpState.CLOSE_WAIT, 1, socket -> socket.recvQueue() == 0);
        peer.setSoLinger(true, 0);
        peer.close();
        await().atMost(Bench.DEADLINE)
                .until(() -> bench.atServer(TcpState.CLOSE_WAIT).isEmpty());

        await("a tenth of a second without a tick of processor time")
                .atMost(Bench.DEADLINE)
                .until(StuckTest::loopsRest);
        assertThat(bench.active()).isEqualTo(1);
        server.close();
        assertThat(bench.closed(CloseCause.SHUTDOWN)).isEqualTo(1);
    }

    private static boolean loopsRest() throws InterruptedException {
        long before = loopsNanos();
        TimeUnit.MILLISECONDS.sleep(100);
        return loopsNanos() - before < TimeUnit.MILLISECONDS.toNanos(10);
    }

    /** Processor time of all event loops of servers in this JVM. */
    private static long loopsNanos() {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        return Arrays.stream(threads.getThreadInfo(threads.getAllThreadIds()))
                .filter(thread -> thread != null && thread.getThreadName().startsWith("server-"))
                .mapToLong(thread -> threads.getThreadCpuTime(thread.getThreadId()))
                .sum();
    }

    @Test
    void neverReadHasItsBytesAndTheFinUnread() throws IOException {
        LabServer server = bench.start("never-read");
        Socket talkative = bench.connect();
        talkative.getOutputStream().write(new byte[100]);
        talkative.shutdownOutput();
        bench.awaitAtServer(TcpState.CLOSE_WAIT, 1, socket -> socket.recvQueue() == 101 && socket.hasOwner());

        bench.connect().shutdownOutput();
        bench.awaitAtServer(TcpState.CLOSE_WAIT, 2, TcpSocket::hasOwner);
        assertThat(bench.atServer(TcpState.CLOSE_WAIT))
                .extracting(TcpSocket::recvQueue)
                .containsExactlyInAnyOrder(101L, 1L);
        assertThat(bench.active()).isEqualTo(2);
        server.close();
        assertThat(bench.closed(CloseCause.SHUTDOWN)).isEqualTo(2);
        assertThat(bench.active()).isZero();
        assertThat(bench.atServer(TcpState.CLOSE_WAIT)).isEmpty();
    }

    @Test
    void plainNettyClosesByItselfUnlessHalfClosureIsAllowed() throws IOException {
        LabServer closing = bench.start("plain-netty");
        bench.connectAndEcho().close();
        await().until(() -> bench.active() == 0);
        closing.close();

        bench.start("plain-netty:half-closure=true");
        bench.connectAndEcho().close();
        bench.awaitAtServer(TcpState.CLOSE_WAIT, 1, socket -> socket.recvQueue() == 0);
    }

    @Test
    void loopBlockedAtEofKeepsOthersFromReading() throws IOException {
        bench.start("block-before-close:for=1h,how=io,on=loop,at=eof");
        Socket blocking = bench.connectAndEcho();
        Socket other = bench.connectAndEcho();
        blocking.shutdownOutput();
        bench.awaitAtServer(TcpState.CLOSE_WAIT, 1, socket -> socket.recvQueue() == 0);

        other.getOutputStream().write(new byte[5]);
        other.shutdownOutput();
        bench.awaitAtServer(TcpState.CLOSE_WAIT, 2, TcpSocket::hasOwner);
        assertThat(bench.atServer(TcpState.CLOSE_WAIT))
                .extracting(TcpSocket::recvQueue)
                .containsExactlyInAnyOrder(0L, 6L);
    }

    @Test
    void blockedLoopShowsInItsLag() throws IOException {
        bench.start("block-before-close:for=1s,how=io,on=loop,at=eof");
        bench.connectAndEcho().close();
        bench.awaitClosed(CloseCause.PEER_EOF, 1);

        // The block lasts ten times as long as it may take until the lag is asked for.
        await().atMost(Bench.DEADLINE).until(() -> bench.lag().compareTo(Duration.ofMillis(500)) > 0);
    }

    @Test
    void loopSpinningAfterTheFirstReadLeavesItsFinUnread() throws IOException {
        bench.start("block-before-close:for=1h,how=spin,on=loop,at=first-read");
        bench.connectAndEcho().close();

        bench.awaitAtServer(TcpState.CLOSE_WAIT, 1, socket -> socket.recvQueue() == 1 && socket.hasOwner());
    }

    @Test
    void blockedWorkerLeavesTheLoopFree() throws IOException {
        bench.start("block-before-close:for=1h,how=io,on=worker,at=first-read");
        bench.connectAndEcho().close();
        bench.awaitAtServer(TcpState.CLOSE_WAIT, 1, socket -> socket.recvQueue() == 0 && socket.hasOwner());

        assertThatNoException().isThrownBy(bench::connectAndEcho);
    }

    @Test
    void spinningWorkerLeavesTheLoopFree() throws IOException {
        bench.start("block-before-close:for=1h,how=spin,on=worker,at=eof");
        bench.connectAndEcho().close();
        bench.awaitAtServer(TcpState.CLOSE_WAIT, 1, socket -> socket.recvQueue() == 0 && socket.hasOwner());

        assertThatNoException().isThrownBy(bench::connectAndEcho);
    }

    @Test
    void blockEndsInClose() throws IOException {
        for (String where : List.of("how=io,on=loop", "how=spin,on=loop", "how=io,on=worker", "how=spin,on=worker")) {
            LabServer server = bench.start("block-before-close:for=50ms," + where);
            Socket peer = bench.connectAndEcho();
            peer.shutdownOutput();
            assertThat(peer.getInputStream().read()).isEqualTo(-1);
            bench.awaitClosed(CloseCause.PEER_EOF, 1);
            server.close();
        }
    }
}
