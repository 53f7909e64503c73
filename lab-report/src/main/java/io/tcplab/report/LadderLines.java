package io.tcplab.report;

import io.tcplab.experiments.ladder.LadderEvent;
import io.tcplab.kernel.wire.Direction;
import io.tcplab.kernel.wire.Segment;
import io.tcplab.kernel.wire.TcpFlag;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What a ladder shows, line by line: all events, or all but those in the middle of a long exchange of data. */
final class LadderLines {
    /** A run of segments up to this long is shown whole. */
    private static final int LONGEST = 10;

    private static final int SHOWN_FIRST = 4;
    private static final int SHOWN_LAST = 2;

    private LadderLines() {}

    /** A line of the diagram. */
    sealed interface Line {
        /** When it begins, on System.nanoTime's clock. */
        long atNanos();
    }

    /** An event. */
    record Event(LadderEvent event) implements Line {
        @Override
        public long atNanos() {
            return event.atNanos();
        }
    }

    /** Segments that were left out. */
    record Elided(List<LadderEvent> events) implements Line {
        @Override
        public long atNanos() {
            return events.getFirst().atNanos();
        }

        /** {@code 214 segments in 2.9 s: 0 bytes from the client, 65,536 from the server}. */
        String text() {
            return "%,d segments in %s: %,d bytes from the client, %,d from the server"
                    .formatted(
                            events.size(),
                            Figures.seconds((events.getLast().atNanos() - atNanos()) / 1e9),
                            bytes(Direction.CLIENT_TO_SERVER),
                            bytes(Direction.SERVER_TO_CLIENT));
        }

        private long bytes(Direction direction) {
            return events.stream()
                    .flatMap(event ->
                            event instanceof LadderEvent.Sent sent ? Stream.of(sent.segment()) : Stream.empty())
                    .filter(segment -> segment.direction() == direction)
                    .mapToLong(segment -> segment.segment().payloadLength())
                    .sum();
        }
    }

    static List<Line> all(List<LadderEvent> events) {
        return events.stream().<Line>map(Event::new).toList();
    }

    static List<Line> brief(List<LadderEvent> events) {
        List<Line> lines = new ArrayList<>();
        int next = 0;
        while (next < events.size()) {
            int end = endOfExchange(events, next);
            if (end - next > LONGEST) {
                lines.addAll(all(events.subList(next, next + SHOWN_FIRST)));
                lines.add(new Elided(events.subList(next + SHOWN_FIRST, end - SHOWN_LAST)));
                lines.addAll(all(events.subList(end - SHOWN_LAST, end)));
            } else {
                lines.addAll(all(events.subList(next, Math.max(end, next + 1))));
            }
            next = Math.max(end, next + 1);
        }
        return lines;
    }

    /** Where the run of plain segments ends that begins here; here, if none does. */
    private static int endOfExchange(List<LadderEvent> events, int begin) {
        int end = begin;
        while (end < events.size() && isPlain(events.get(end))) {
            end++;
        }
        return end;
    }

    private static boolean isPlain(LadderEvent event) {
        return event instanceof LadderEvent.Sent sent
                && sent.segment().comment().isEmpty()
                && isPlain(sent.segment().segment());
    }

    private static boolean isPlain(Segment segment) {
        return !segment.has(TcpFlag.SYN) && !segment.has(TcpFlag.FIN) && !segment.has(TcpFlag.RST);
    }
}
