package io.tcplab.experiments.ladder;

import io.tcplab.experiments.Role;
import io.tcplab.kernel.transitions.Transition;
import io.tcplab.kernel.wire.WireSegment;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Puts what several sources said of one connection into one order. Pure. */
final class LadderAssembly {
    private LadderAssembly() {}

    /**
     * A ladder.
     *
     * @param segments the connection's, in order of time; none if it was never opened
     * @param transitions all of the cell's; empty if they could not be had
     * @param looks in order of time
     */
    static Ladder of(
            List<WireSegment> segments, Optional<List<Transition>> transitions, List<Look> looks, List<String> notes) {
        if (segments.isEmpty()) {
            return new Ladder(Optional.empty(), List.of(), notes);
        }
        Endpoints connection = Endpoints.of(segments.getFirst());
        List<LadderEvent> events = new ArrayList<>();
        for (Role host : Role.values()) {
            events.addAll(StateTrack.of(
                    host,
                    transitions.map(all -> all.stream()
                            .filter(one -> connection.has(host, one))
                            .toList()),
                    looks.stream().filter(look -> look.host() == host).toList()));
        }
        addSegments(segments, events);
        looks.forEach(look -> look.counted()
                .forEach((name, by) -> events.add(new LadderEvent.Counted(look.atNanos(), look.host(), name, by))));
        events.sort(Comparator.comparingLong(LadderEvent::atNanos));
        return new Ladder(Optional.of(connection), events, notes);
    }

    private static void addSegments(List<WireSegment> segments, List<LadderEvent> events) {
        RelativeNumbers numbers = new RelativeNumbers();
        for (WireSegment segment : segments) {
            LadderEvent.Sent sent = numbers.of(segment);
            events.add(sent);
            if (segment.keptForAWhile() && segment.delivered()) {
                events.add(new LadderEvent.Arrived(sent));
            }
        }
    }
}
