package io.tcplab.experiments.ladder;

import static io.tcplab.experiments.ladder.Script.fromClient;
import static io.tcplab.experiments.ladder.Script.fromServer;
import static io.tcplab.kernel.wire.TcpFlag.ACK;
import static io.tcplab.kernel.wire.TcpFlag.FIN;
import static io.tcplab.kernel.wire.TcpFlag.RST;
import static io.tcplab.kernel.wire.TcpFlag.SYN;
import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.experiments.Role;
import io.tcplab.kernel.wire.Direction;
import io.tcplab.kernel.wire.WireSegment;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class LadderAssemblyTest {
    private static final long FIRST = 0xffff_fffeL;

    @Test
    void numbersCountFromEachSidesFirstAndWrap() {
        Ladder ladder = ladder(List.of(
                fromClient(1, FIRST, 0, SYN),
                fromServer(2, 700, FIRST + 1, SYN, ACK),
                fromClient(3, FIRST + 1, 701, ACK),
                fromClient(4, 3, 701, FIN, ACK)));
        assertThat(numbers(ladder)).containsExactly("0", "0 1", "1 1", "5 1");
    }

    @Test
    void aSynWithAnotherNumberBeginsAnew() {
        Ladder ladder = ladder(List.of(
                fromClient(1, 500, 0, SYN),
                fromClient(2, 500, 0, SYN),
                fromClient(3, 900, 0, SYN),
                fromServer(4, 70, 901, SYN, ACK),
                fromClient(5, 901, 0, RST)));
        assertThat(numbers(ladder)).containsExactly("0", "0", "0", "0 1", "1");
    }

    @Test
    void eventsOfAllSourcesStandInTheOrderOfTime() {
        Ladder ladder = LadderAssembly.of(
                List.of(fromClient(2, 1, 0, SYN), fromServer(4, 1, 2, RST, ACK)),
                Optional.empty(),
                List.of(new Look(3_000, Role.SERVER, Optional.empty(), Map.of("TcpOutRsts", 1L))),
                List.of("a note"));
        assertThat(ladder.connection()).contains(new Endpoints(Script.CLIENT, Script.SERVER));
        assertThat(ladder.events()).map(LadderEvent::atNanos).containsExactly(2_000L, 3_000L, 4_000L);
        assertThat(ladder.events().get(1)).isEqualTo(new LadderEvent.Counted(3_000, Role.SERVER, "TcpOutRsts", 1));
        assertThat(ladder.notes()).containsExactly("a note");
    }

    @Test
    void aConnectionThatWasNeverOpenedHasNoEvents() {
        Ladder ladder = ladder(List.of());
        assertThat(ladder.connection()).isEmpty();
        assertThat(ladder.events()).isEmpty();
    }

    @Test
    void theNthConnectionIsFollowedWhoeverOpensItAndHoweverOftenItIsShown() {
        WireSegment first = fromClient(1, 1, 0, SYN);
        InetSocketAddress other = new InetSocketAddress("10.0.0.101", 81);
        WireSegment second = Script.between(2, Direction.SERVER_TO_CLIENT, other, Script.CLIENT, 9, 0, SYN);
        WireSegment answer = Script.between(3, Direction.CLIENT_TO_SERVER, Script.CLIENT, other, 9, 10, RST, ACK);
        Follow follow = new Follow(2);
        for (int round = 0; round < 2; round++) {
            assertThat(Stream.of(first, first, second, first, answer).filter(follow))
                    .containsExactly(second, answer);
        }
    }

    private static Ladder ladder(List<WireSegment> segments) {
        return LadderAssembly.of(segments, Optional.empty(), List.of(), List.of());
    }

    private static List<String> numbers(Ladder ladder) {
        return ladder.events().stream()
                .map(event -> (LadderEvent.Sent) event)
                .map(sent -> sent.sequence()
                        + (sent.acknowledgment().isPresent()
                                ? " " + sent.acknowledgment().getAsLong()
                                : ""))
                .toList();
    }
}
