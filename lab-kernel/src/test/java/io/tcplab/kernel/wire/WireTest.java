package io.tcplab.kernel.wire;

import static io.tcplab.kernel.wire.TcpFlag.ACK;
import static io.tcplab.kernel.wire.TcpFlag.FIN;
import static io.tcplab.kernel.wire.TcpFlag.PSH;
import static io.tcplab.kernel.wire.TcpFlag.SYN;
import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.kernel.support.Await;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Real connections over the wire, and what its rules do to them. */
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
}
