package io.tcplab.kernel.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tcplab.kernel.support.Await;
import io.tcplab.kernel.support.TestCell;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** What the wire records, for how long that is known, and what it tells of losses. */
class WireRecordTest {
    private static final Duration SOON = Duration.ofSeconds(20);

    @AutoClose
    private final WireCell cell = new WireCell();

    private final Wire wire = cell.wire();

    @Test
    void segmentsBearTheKernelsTimeOnTheClockOfTransitions() throws Exception {
        ServerSocketChannel listener = cell.listen();
        long before = System.nanoTime();
        cell.connect(listener);
        long after = System.nanoTime();
        assertThat(wire.segments().stream().limit(2))
                .allSatisfy(s -> assertThat(s.atNanos()).isBetween(before, after));
    }

    @Test
    void whatIsNotTcpOverIpv4PassesUnrecorded() throws Exception {
        try (ServerSocketChannel listener = cell.server()
                        .call(() -> ServerSocketChannel.open().bind(new InetSocketAddress(TestCell.SERVER6, 0)));
                SocketChannel client = cell.client().call(() -> SocketChannel.open(listener.getLocalAddress()))) {
            assertThat(client.isConnected()).isTrue();
        }
        assertThat(wire.segments()).isEmpty();
    }

    @Test
    void framesThatTheWireCanNotKeepUpWithAreCounted() throws Exception {
        InetSocketAddress nobody = new InetSocketAddress(TestCell.SERVER, 9);
        try (DatagramChannel flood = cell.client().call(DatagramChannel::open)) {
            // While nobody moves segments, more frames than the ring has room for.
            wire.act(() -> send(flood, nobody, 6000));
        }
        assertThat(wire.losses().overrun()).isBetween(1L, 6000L);
        assertThat(wire.losses().total()).isEqualTo(wire.losses().overrun());
        assertThat(wire.losses().toString()).contains(" overrun, 0 refused by the kernel, 0 not recorded");
        assertThat(cell.connect(cell.listen()).isConnected()).isTrue();
    }

    @Test
    void whatIsKnownStaysKnownWhenTheWireIsClosed() throws Exception {
        cell.connect(cell.listen());
        wire.close();
        assertThat(wire.segments()).hasSizeGreaterThanOrEqualTo(2);
        assertThat(wire.losses().total()).isZero();
        assertThatThrownBy(() -> wire.add(Rule.pass("late", Match.toServer())))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the wire is closed");
    }

    @Test
    void whoWaitsForASegmentLearnsThatTheWireIsClosed() throws Exception {
        FutureTask<Boolean> waiting =
                new FutureTask<>(() -> wire.await(s -> false, SOON).isPresent());
        Thread waiter = Thread.ofPlatform().start(waiting);
        Await.until(waiter::getState, state -> state == Thread.State.TIMED_WAITING);
        long before = System.nanoTime();
        wire.close();
        assertThatThrownBy(waiting::get).hasRootCauseMessage("the wire is closed");
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(SOON);
    }

    private static void send(DatagramChannel channel, InetSocketAddress to, int count) {
        try {
            for (int i = 0; i < count; i++) {
                channel.send(ByteBuffer.allocate(1), to);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
