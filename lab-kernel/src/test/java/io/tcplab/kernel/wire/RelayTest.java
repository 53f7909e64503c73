package io.tcplab.kernel.wire;

import static io.tcplab.kernel.wire.Direction.CLIENT_TO_SERVER;
import static io.tcplab.kernel.wire.Direction.SERVER_TO_CLIENT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** The decisions, without a kernel and with a clock that the test moves. */
class RelayTest {
    private static final InetSocketAddress CLIENT = new InetSocketAddress("10.0.0.1", 4242);
    private static final InetSocketAddress SERVER = new InetSocketAddress("10.0.0.2", 80);

    private final List<Long> sent = new ArrayList<>();
    private Tape tape = new Tape(1 << 20);
    private long now = 1_000;
    private boolean taken = true;
    private Relay relay = relay();

    @Test
    void theFirstRuleDecidesAndAllOfThemCount() {
        RuleState second = add(Rule.drop("second", Match.toServer().nth(2)));
        RuleState all = add(Rule.drop("all", Match.toServer().fromNth(2)));
        arrive(CLIENT_TO_SERVER, 1, 2, 3);
        assertThat(sent).containsExactly(1L);
        assertThat(second.matched()).isEqualTo(1);
        assertThat(all.matched()).isEqualTo(1);
        assertThat(all.seen()).isEqualTo(3);
    }

    @Test
    void passShieldsFromTheRulesBehind() {
        add(Rule.pass("one", Match.toServer().nth(1)));
        add(Rule.drop("rest", Match.toServer()));
        arrive(CLIENT_TO_SERVER, 1, 2);
        arrive(SERVER_TO_CLIENT, 3);
        assertThat(sent).containsExactly(1L, 3L);
    }

    @Test
    void matchesNarrow() {
        Segment data = segment(1, 5, TcpFlag.ACK, TcpFlag.PSH);
        assertThat(Match.toServer().withData().covers(CLIENT_TO_SERVER, data)).isTrue();
        assertThat(Match.toServer().payload(6, 9).covers(CLIENT_TO_SERVER, data))
                .isFalse();
        assertThat(Match.toServer().bareAck().covers(CLIENT_TO_SERVER, data)).isFalse();
        assertThat(Match.toClient().covers(CLIENT_TO_SERVER, data)).isFalse();
        assertThat(Match.anyDirection().with(TcpFlag.PSH, TcpFlag.ACK).covers(CLIENT_TO_SERVER, data))
                .isTrue();
        assertThat(Match.anyDirection().with(TcpFlag.PSH, TcpFlag.FIN).covers(CLIENT_TO_SERVER, data))
                .isFalse();
        assertThat(Match.anyDirection().fromPort(4242).toPort(80).covers(CLIENT_TO_SERVER, data))
                .isTrue();
        assertThat(Match.anyDirection().toPort(81).covers(CLIENT_TO_SERVER, data))
                .isFalse();
    }

    @Test
    void delayedOnesComeAtTheirTimeAndInOrder() {
        add(Rule.delay("slow", Match.toServer().first(2), Duration.ofNanos(50)));
        arrive(CLIENT_TO_SERVER, 1, 2, 3);
        assertThat(relay.nextDueNanos()).isEqualTo(1_050);
        now = 1_049;
        relay.runDue();
        assertThat(sent).containsExactly(3L);
        now = 1_050;
        relay.runDue();
        assertThat(sent).containsExactly(3L, 1L, 2L);
        assertThat(relay.nextDueNanos()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void reorderingSwapsNeighboursOfOneDirection() {
        add(Rule.reorder("swap", Match.toServer()));
        arrive(CLIENT_TO_SERVER, 1);
        arrive(SERVER_TO_CLIENT, 9);
        arrive(CLIENT_TO_SERVER, 2, 3, 4);
        assertThat(sent).containsExactly(9L, 2L, 1L, 4L, 3L);
    }

    @Test
    void heldOnesAreReleasedInOrderAndTheRuleHoldsNoMore() {
        RuleState hold = add(Rule.hold("hold", Match.toServer()));
        arrive(CLIENT_TO_SERVER, 1, 2);
        assertThat(sent).isEmpty();
        assertThat(relay.release(hold)).isEqualTo(2);
        arrive(CLIENT_TO_SERVER, 3);
        assertThat(sent).containsExactly(1L, 2L, 3L);
        assertThat(hold.matched()).isEqualTo(2);
    }

    @Test
    void theSameSeedLosesTheSameOnes() {
        List<Long> lost = lost(0.3, 7);
        assertThat(lost).isEqualTo(lost(0.3, 7)).hasSizeBetween(240, 360);
        assertThat(lost).isNotEqualTo(lost(0.3, 8));
        assertThat(lost(0, 7)).isEmpty();
        assertThat(lost(1, 7)).hasSize(1000);
    }

    @Test
    void whatTheOtherSideSendsDoesNotChangeWhatIsLost() {
        List<Long> alone = lost(0.5, 7);
        relay = relay();
        sent.clear();
        add(Rule.lose("some", Match.anyDirection(), 0.5, 7));
        for (long number = 1; number <= 1000; number++) {
            arrive(SERVER_TO_CLIENT, 5_000 + number);
            arrive(CLIENT_TO_SERVER, number);
        }
        assertThat(LongStream.rangeClosed(1, 1000)
                        .boxed()
                        .filter(number -> !sent.contains(number))
                        .toList())
                .isEqualTo(alone);
    }

    @Test
    void theSeedIsToldAndAProbabilityIsOne() {
        assertThat(Rule.lose("some", Match.toServer(), 0.1, 42))
                .hasToString("'some' (lose with probability 0.1, seed 42: segments, client to server)");
        assertThatThrownBy(() -> new Action.Lose(1.1, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Action.Lose(Double.NaN, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Action.Delay(Duration.ZERO)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void whatAHostSentBeforeItCameBackIsLostThoughItIsReadLater() {
        relay.silence(Side.SERVER);
        arrive(CLIENT_TO_SERVER, 1);
        now = 2_000;
        relay.comeBack(Side.SERVER);
        relay.arrived(SERVER_TO_CLIENT, 1_999, segment(2, 0));
        relay.arrived(SERVER_TO_CLIENT, 2_000, segment(3, 0));
        arrive(CLIENT_TO_SERVER, 4);
        assertThat(sent).containsExactly(3L, 4L);
        assertThat(tape.snapshot())
                .extracting(s -> s.verdict().kind())
                .containsExactly(
                        Verdict.Kind.SILENCED, Verdict.Kind.SILENCED, Verdict.Kind.PASSED, Verdict.Kind.PASSED);
    }

    @Test
    void aHostThatWasNeverSilencedLosesNothingByComingBack() {
        now = 2_000;
        relay.comeBack(Side.SERVER);
        relay.arrived(SERVER_TO_CLIENT, 1_999, segment(1, 0));
        assertThat(sent).containsExactly(1L);
    }

    @Test
    void injectedOnesPassTheRules() {
        RuleState all = add(Rule.drop("all", Match.anyDirection()));
        relay.inject(CLIENT_TO_SERVER, segment(1, 0));
        assertThat(sent).containsExactly(1L);
        assertThat(all.seen()).isZero();
    }

    @Test
    void whatTheKernelRefusesIsCountedAndNotDelivered() {
        taken = false;
        arrive(CLIENT_TO_SERVER, 1);
        relay.other(CLIENT_TO_SERVER, now, new byte[60]);
        assertThat(relay.refused()).isEqualTo(2);
        assertThat(tape.get(0).delivered()).isFalse();
    }

    @Test
    void theRecordIsBoundedAndCountsWhatItLacks() {
        tape = new Tape(1000);
        relay = relay();
        arrive(CLIENT_TO_SERVER, 1, 2, 3, 4, 5, 6);
        assertThat(sent).hasSize(6);
        assertThat(tape.size()).isEqualTo(3);
        assertThat(tape.unrecorded()).isEqualTo(3);
    }

    private List<Long> lost(double probability, long seed) {
        relay = relay();
        sent.clear();
        add(Rule.lose("some", Match.toServer(), probability, seed));
        long[] numbers = LongStream.rangeClosed(1, 1000).toArray();
        arrive(CLIENT_TO_SERVER, numbers);
        return LongStream.of(numbers)
                .boxed()
                .filter(number -> !sent.contains(number))
                .toList();
    }

    private Relay relay() {
        return new Relay(this::send, tape, () -> now);
    }

    private boolean send(Direction direction, byte[] frame) {
        Segment.decode(frame).ifPresent(segment -> sent.add(segment.sequence()));
        return taken;
    }

    private RuleState add(Rule rule) {
        RuleState state = new RuleState(rule);
        relay.add(state);
        return state;
    }

    private void arrive(Direction direction, long... numbers) {
        for (long number : numbers) {
            relay.arrived(direction, now, segment(number, 0));
        }
    }

    private static Segment segment(long number, int payload, TcpFlag... flags) {
        return Segment.from(CLIENT, SERVER)
                .sequence(number)
                .flags(flags)
                .payload(new byte[payload])
                .build();
    }
}
