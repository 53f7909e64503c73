package io.tcplab.report;

import io.tcplab.experiments.Role;
import io.tcplab.experiments.ladder.Endpoints;
import io.tcplab.experiments.ladder.Ladder;
import io.tcplab.experiments.ladder.LadderEvent;
import io.tcplab.kernel.sockets.TcpState;
import io.tcplab.kernel.wire.Direction;
import io.tcplab.kernel.wire.Segment;
import io.tcplab.kernel.wire.Verdict;
import io.tcplab.kernel.wire.WireSegment;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What {@code lab run NAME --trace} saw on a real kernel: a line an event, with its nanoseconds since the first. A segment's line has
 * direction, verdict, when it arrived, relative sequence and acknowledgment numbers ({@code -} for none), its frame, and the rule's name.
 */
final class RecordedLadder {
    private Optional<Endpoints> connection = Optional.empty();
    private final List<LadderEvent> events = new ArrayList<>();
    private final List<LadderEvent.Sent> sent = new ArrayList<>();

    private RecordedLadder() {}

    static Ladder of(String experiment) throws IOException {
        RecordedLadder recorded = new RecordedLadder();
        Golden.read(experiment + ".trace").lines().forEach(line -> recorded.add(line.split(" ", 9)));
        return new Ladder(recorded.connection, recorded.events, List.of());
    }

    private void add(String[] words) {
        switch (words[0]) {
            case "connection" ->
                connection = Optional.of(new Endpoints(endpoint(words[1], words[2]), endpoint(words[3], words[4])));
            case "entered" ->
                events.add(new LadderEvent.Entered(
                        nanos(words[1]),
                        Role.valueOf(words[2]),
                        TcpState.valueOf(words[3]),
                        Boolean.parseBoolean(words[4])));
            case "counted" ->
                events.add(new LadderEvent.Counted(
                        nanos(words[1]), Role.valueOf(words[2]), words[3], Long.parseLong(words[4])));
            case "arrived" -> events.add(new LadderEvent.Arrived(sent.get(Integer.parseInt(words[1]))));
            case "sent" -> {
                LadderEvent.Sent one = new LadderEvent.Sent(segment(words), Long.parseLong(words[5]), number(words[6]));
                sent.add(one);
                events.add(one);
            }
            default -> throw new IllegalArgumentException(String.join(" ", words));
        }
    }

    private static WireSegment segment(String[] words) {
        return new WireSegment(
                nanos(words[1]),
                Direction.valueOf(words[2]),
                Segment.decode(HexFormat.of().parseHex(words[7])).orElseThrow(),
                new Verdict(Verdict.Kind.valueOf(words[3]), words.length > 8 ? words[8] : ""),
                number(words[4]));
    }

    private static InetSocketAddress endpoint(String address, String port) {
        return new InetSocketAddress(InetAddress.ofLiteral(address), Integer.parseInt(port));
    }

    private static long nanos(String text) {
        return Long.parseLong(text);
    }

    private static OptionalLong number(String text) {
        return text.equals("-") ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(text));
    }
}
