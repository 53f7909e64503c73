package io.tcplab.kernel.wire;

import static io.tcplab.kernel.wire.TcpFlag.ACK;
import static io.tcplab.kernel.wire.TcpFlag.FIN;
import static io.tcplab.kernel.wire.TcpFlag.PSH;
import static io.tcplab.kernel.wire.TcpFlag.RST;
import static io.tcplab.kernel.wire.TcpFlag.SYN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tcplab.kernel.sockets.SockDiag;
import io.tcplab.kernel.sockets.SocketQuery;
import io.tcplab.kernel.sockets.TcpState;
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
import java.util.List;
import java.util.Set;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Real connections over the wire. */
class WireTest {
    private static final Duration SOON = Duration.ofSeconds(20);

    @AutoClose
    private final WireCell cell = new WireCell();

    private final Wire wire = cell.wire();

    @Test
    void aConnectionOpensCarriesDataAndCloses() throws Exception {
        ServerSocketChannel listener = cell.listen();
        try (SocketChannel client = cell.connect(listener);
                SocketChannel server = cell.accept(listener)) {
            WireCell.write(client, "over the wire");
            assertThat(WireCell.read(server, 13)).isEqualTo("over the wire");
            client.shutdownOutput();
            assertThat(WireCell.read(server, 1)).isEmpty();
        }
        assertThat(wire.await(
                        s -> s.direction() == Direction.SERVER_TO_CLIENT
                                && s.segment().has(FIN),
                        SOON))
                .isPresent();
        List<WireSegment> segments = wire.segments();
        assertThat(segments)
                .extracting(s -> s.segment().flags())
                .startsWith(Set.of(SYN), Set.of(SYN, ACK), Set.of(ACK));
        assertThat(segments).allSatisfy(s -> {
            assertThat(s.segment().hasRightChecksums()).as("checksums of %s", s).isTrue();
            assertThat(s.verdict().kind()).isEqualTo(Verdict.Kind.PASSED);
            assertThat(s.leftAtNanos().orElseThrow()).isGreaterThan(s.atNanos());
        });
        assertThat(segments)
                .filteredOn(s -> s.segment().payloadLength() > 0)
                .singleElement()
                .satisfies(s -> assertThat(s.segment().flags()).containsExactlyInAnyOrder(PSH, ACK));
        assertThat(wire.losses().total()).isZero();
    }

    @Test
    void noSegmentIsLongerThanTheMtuAndAllArrive() throws Exception {
        ServerSocketChannel listener = cell.listen();
        String much = "0123456789abcdef".repeat(65_536);
        try (SocketChannel client = cell.connect(listener);
                SocketChannel server = cell.accept(listener)) {
            Thread writer = Thread.ofVirtual().start(() -> WireCell.write(client, much));
            assertThat(WireCell.read(server, much.length())).isEqualTo(much);
            writer.join();
        }
        assertThat(wire.segments()).allSatisfy(s -> {
            assertThat(s.segment().payloadLength()).isLessThanOrEqualTo(1460);
            assertThat(s.segment().hasRightChecksums()).isTrue();
        });
        assertThat(wire.losses().total()).as("%s", wire.losses()).isZero();
    }

    @Test
    void aLostAckOfTheHandshakeMakesTheServerRepeatItsSynAck() throws Exception {
        RuleHandle lost =
                wire.add(Rule.drop("ACKs lost", Match.toServer().bareAck().first(1)));
        cell.connect(cell.listen());
        assertThat(lost.awaitMatch(1, SOON)).isTrue();
        RuleHandle repeated =
                wire.add(Rule.pass("SYN-ACK again", Match.toClient().synAck()));
        assertThat(repeated.awaitMatch(1, SOON)).isTrue();

        List<WireSegment> segments = wire.segments();
        assertThat(segments)
                .filteredOn(s -> s.segment().has(SYN) && s.segment().has(ACK))
                .hasSize(2);
        assertThat(segments).filteredOn(s -> !s.delivered()).singleElement().satisfies(s -> {
            assertThat(s.verdict()).isEqualTo(new Verdict(Verdict.Kind.DROPPED, "ACKs lost"));
            assertThat(s.comment()).isEqualTo("dropped by 'ACKs lost'");
        });
    }

    @Test
    void whatIsHeldComesWhenItIsReleased() throws Exception {
        RuleHandle held = wire.add(Rule.hold("SYN held", Match.toServer().syn()));
        ServerSocketChannel listener = cell.listen();
        SocketChannel client = cell.connecting(WireCell.address(listener));
        assertThat(held.awaitMatch(1, SOON)).isTrue();
        assertThat(client.finishConnect()).isFalse();
        assertThat(held.release()).isEqualTo(1);
        assertThat(Await.until(client::finishConnect, done -> done)).isTrue();
        assertThat(wire.segments().getFirst()).satisfies(s -> {
            assertThat(s.verdict().kind()).isEqualTo(Verdict.Kind.HELD);
            assertThat(s.comment()).startsWith("held by 'SYN held', forwarded after ");
        });
    }

    @Test
    void bothSynsDelayedOpenSimultaneously() throws Exception {
        RuleHandle delayed =
                wire.add(Rule.hold("SYNs cross", Match.anyDirection().syn()));
        InetSocketAddress one = cell.freeAddress(Side.CLIENT);
        InetSocketAddress other = cell.freeAddress(Side.SERVER);
        SocketChannel client = cell.connecting(Side.CLIENT, one, other);
        SocketChannel server = cell.connecting(Side.SERVER, other, one);
        assertThat(delayed.awaitMatch(2, SOON)).isTrue();
        delayed.release();
        assertThat(Await.until(client::finishConnect, done -> done)).isTrue();
        assertThat(Await.until(server::finishConnect, done -> done)).isTrue();
        assertThat(wire.segments())
                .filteredOn(s -> s.segment().flags().equals(Set.of(SYN, ACK)))
                .extracting(WireSegment::direction)
                .contains(Direction.CLIENT_TO_SERVER, Direction.SERVER_TO_CLIENT);
    }

    @Test
    void aDuplicateAndAReplayComeTwice() throws Exception {
        wire.add(Rule.duplicate("twice", Match.toServer().withData().nth(1)));
        wire.add(Rule.replay("again", Match.toServer().withData().nth(2), Duration.ofMillis(20)));
        ServerSocketChannel listener = cell.listen();
        SocketChannel client = cell.connect(listener);
        SocketChannel server = cell.accept(listener);
        WireCell.write(client, "first");
        assertThat(WireCell.read(server, 5)).isEqualTo("first");
        WireCell.write(client, "second");
        assertThat(WireCell.read(server, 6)).isEqualTo("second");
        assertThat(wire.await(s -> s.verdict().equals(new Verdict(Verdict.Kind.COPIED, "again")), SOON))
                .isPresent();
        List<WireSegment> data = wire.segments().stream()
                .filter(s -> s.segment().payloadLength() > 0)
                .toList();
        assertThat(data)
                .extracting(s -> s.verdict().kind())
                .containsExactly(
                        Verdict.Kind.DUPLICATED, Verdict.Kind.COPIED, Verdict.Kind.REPLAYED, Verdict.Kind.COPIED);
        assertThat(data.get(3).atNanos() - data.get(2).atNanos())
                .isGreaterThanOrEqualTo(Duration.ofMillis(20).toNanos());
    }

    @Test
    void reorderedSegmentsSwapAndTheReceiverNotices() throws Exception {
        wire.add(Rule.reorder("swapped", Match.toServer().withData().nth(1)));
        ServerSocketChannel listener = cell.listen();
        SocketChannel client = cell.connect(listener);
        SocketChannel server = cell.accept(listener);
        WireCell.write(client, "one");
        assertThat(wire.await(s -> s.verdict().kind() == Verdict.Kind.REORDERED, SOON))
                .isPresent();
        WireCell.write(client, "two");
        assertThat(WireCell.read(server, 6)).isEqualTo("onetwo");
        List<WireSegment> data = wire.segments().stream()
                .filter(s -> s.segment().payloadLength() > 0)
                .toList();
        assertThat(data.get(1).leftAtNanos().orElseThrow())
                .isLessThan(data.get(0).leftAtNanos().orElseThrow());
        assertThat(wire.await(
                        s -> s.direction() == Direction.SERVER_TO_CLIENT
                                && s.segment().options().stream().anyMatch(TcpOption.Sack.class::isInstance),
                        SOON))
                .as("a selective acknowledgement of what came first")
                .isPresent();
    }

    @Test
    void aForgedSynIsAnsweredToAnAddressThatNobodyHas() throws Exception {
        ServerSocketChannel listener = cell.listen();
        InetSocketAddress nobody = new InetSocketAddress("198.51.100.7", 4242);
        wire.inject(
                Direction.CLIENT_TO_SERVER,
                Segment.from(nobody, WireCell.address(listener))
                        .flags(SYN)
                        .sequence(0xffff_ffffL)
                        .options(new TcpOption.MaximumSegmentSize(1460))
                        .build());
        WireSegment answer = wire.await(s -> s.segment().has(SYN) && s.segment().has(ACK), SOON)
                .orElseThrow();
        assertThat(answer.segment().destination()).isEqualTo(nobody);
        assertThat(answer.segment().acknowledgment()).isZero();
        assertThat(wire.segments().getFirst().comment()).isEqualTo("injected");
        assertThat(census(Side.SERVER, TcpState.SYN_RECV)).isEqualTo(1);
    }

    @Test
    void aForgedSynFromTheClientsAddressIsEndedByTheClientsKernel() throws Exception {
        ServerSocketChannel listener = cell.listen();
        wire.inject(
                Direction.CLIENT_TO_SERVER,
                Segment.from(cell.freeAddress(Side.CLIENT), WireCell.address(listener))
                        .flags(SYN)
                        .sequence(7)
                        .build());
        WireSegment reset = wire.await(
                        s -> s.direction() == Direction.CLIENT_TO_SERVER
                                && s.segment().has(RST),
                        SOON)
                .orElseThrow();
        assertThat(reset.segment().sequence()).isEqualTo(8);
        Await.until(() -> census(Side.SERVER, TcpState.SYN_RECV), count -> count == 0);
    }

    @Test
    void aSilencedHostIsNotHeardAndForgetsUnheard() throws Exception {
        ServerSocketChannel listener = cell.listen();
        SocketChannel client = cell.connect(listener);
        cell.accept(listener);
        wire.silence(Side.SERVER);
        try (SockDiag sockets = SockDiag.open(cell.server())) {
            assertThat(sockets.destroy(SocketQuery.ofStates(TcpState.ESTABLISHED)))
                    .isEqualTo(1);
        }
        WireSegment reset = wire.await(s -> s.segment().has(RST), SOON).orElseThrow();
        assertThat(reset.delivered()).isFalse();
        assertThat(reset.comment()).isEqualTo("lost: the host is silenced");
        WireCell.write(client, "anybody?");
        assertThat(wire.await(
                        s -> s.segment().payloadLength() > 0 && s.verdict().kind() == Verdict.Kind.SILENCED, SOON))
                .isPresent();
        assertThat(census(Side.CLIENT, TcpState.ESTABLISHED)).isEqualTo(1);

        wire.comeBack(Side.SERVER);
        assertThat(wire.await(s -> s.segment().has(RST) && s.delivered(), SOON))
                .as("the answer to what was retransmitted")
                .isPresent();
        assertThatThrownBy(() -> WireCell.read(client, 1)).isInstanceOf(IOException.class);
    }

    @Test
    void aRebootedHostAnswersWithResetAndListensAgain() throws Exception {
        ServerSocketChannel listener = cell.listen();
        SocketChannel client = cell.connect(listener);
        cell.accept(listener);
        wire.reboot(Side.SERVER);
        assertThat(census(Side.CLIENT, TcpState.ESTABLISHED)).as("half-open").isEqualTo(1);
        assertThat(census(Side.SERVER, TcpState.ESTABLISHED)).isZero();
        WireCell.write(client, "still there?");
        assertThatThrownBy(() -> WireCell.read(client, 1)).isInstanceOf(IOException.class);
        assertThat(wire.segments())
                .filteredOn(s -> s.segment().has(RST) && s.delivered())
                .singleElement()
                .satisfies(s -> assertThat(s.direction()).isEqualTo(Direction.SERVER_TO_CLIENT));
        assertThat(cell.connect(listener).isConnected()).isTrue();
    }

    @Test
    void aRuleThatNeverMatchesSaysSo() throws Exception {
        RuleHandle never =
                wire.add(Rule.drop("third SYN", Match.toServer().syn().nth(3)));
        cell.connect(cell.listen());
        assertThat(never.awaitMatch(1, Duration.ZERO)).isFalse();
        assertThat(never.unmatched()).isTrue();
        assertThat(never.seen()).isEqualTo(1);
        assertThat(never)
                .hasToString("'third SYN' (drop: segment 3, client to server, with SYN, without RST+ACK):"
                        + " 0 matched of 1 seen");
    }

    @Test
    void aDelayIsKeptToAndARemovedRuleIsGone() throws Exception {
        Duration by = Duration.ofMillis(30);
        RuleHandle slow = wire.add(Rule.delay("slow SYN", Match.toServer().syn(), by));
        ServerSocketChannel listener = cell.listen();
        cell.connect(listener);
        WireSegment syn = wire.segments().getFirst();
        assertThat(syn.leftAtNanos().orElseThrow() - syn.atNanos()).isGreaterThanOrEqualTo(by.toNanos());
        slow.remove();
        cell.connect(listener);
        assertThat(slow.matched()).isEqualTo(1);
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
    void whatIsNotTcpOverIpv4PassesUnrecorded() throws Exception {
        try (ServerSocketChannel listener = cell.server()
                        .call(() -> ServerSocketChannel.open().bind(new InetSocketAddress(TestCell.SERVER6, 0)));
                SocketChannel client = cell.client().call(() -> SocketChannel.open(listener.getLocalAddress()))) {
            assertThat(client.isConnected()).isTrue();
        }
        assertThat(wire.segments()).isEmpty();
    }

    @Test
    void theSameSeedLosesTheSameSegmentsOfRealConnections() throws Exception {
        List<Boolean> lost = lostOf(cell, 7);
        List<Boolean> again;
        try (WireCell other = new WireCell()) {
            again = lostOf(other, 7);
        }
        int both = Math.min(lost.size(), again.size());
        assertThat(both).isGreaterThanOrEqualTo(20);
        assertThat(lost.subList(0, both)).isEqualTo(again.subList(0, both)).contains(true, false);
    }

    /** Of each data segment in turn, whether it was lost, while twenty messages make their way. */
    private static List<Boolean> lostOf(WireCell cell, long seed) throws Exception {
        cell.wire().add(Rule.lose("some", Match.toServer().withData(), 0.2, seed));
        ServerSocketChannel listener = cell.listen();
        SocketChannel client = cell.connect(listener);
        SocketChannel server = cell.accept(listener);
        for (int i = 0; i < 20; i++) {
            WireCell.write(client, "message");
            assertThat(WireCell.read(server, 7)).isEqualTo("message");
        }
        return cell.wire().segments().stream()
                .filter(s -> s.segment().payloadLength() > 0)
                .map(s -> s.verdict().kind() == Verdict.Kind.DROPPED)
                .toList();
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

    private int census(Side side, TcpState state) {
        try (SockDiag sockets = SockDiag.open(side == Side.CLIENT ? cell.client() : cell.server())) {
            return sockets.census(SocketQuery.ofStates(state)).sockets().size();
        }
    }
}
