package io.tcplab.experiments.ladder;

import io.tcplab.experiments.Role;
import io.tcplab.kernel.transitions.Recording;
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
     * @param recording of the cell's state changes; empty if it could not be had
     * @param looks in order of time
     */
    static Ladder of(List<WireSegment> segments, Optional<Recording> recording, List<Look> looks, List<String> notes) {
        if (segments.isEmpty()) {
            return new Ladder(Optional.empty(), List.of(), notes);
        }
        Endpoints connection = Endpoints.of(segments.getFirst());
        List<LadderEvent> events = new ArrayList<>();
        List<String> told = new ArrayList<>(notes);
        for (Role host : Role.values()) {
            List<Look> seen = looks.stream().filter(look -> look.host() == host).toList();
            Optional<List<Transition>> changes = recording.map(all -> changes(all, connection, host));
            if (recording.isPresent() && recording.get().lost() > 0 && !Gaps.none(changes.orElseThrow(), seen)) {
                changes = Optional.empty();
                told.add(host.label() + ": " + LadderRecorder.BY_LOOKS + ": one of the connection's changes was lost");
            }
            events.addAll(StateTrack.of(host, changes, seen));
        }
        addSegments(segments, events);
        looks.forEach(look -> look.counted()
                .forEach((name, by) -> events.add(new LadderEvent.Counted(look.atNanos(), look.host(), name, by))));
        events.sort(Comparator.comparingLong(LadderEvent::atNanos));
        return new Ladder(Optional.of(connection), events, told);
    }

    private static List<Transition> changes(Recording recording, Endpoints connection, Role host) {
        return recording.transitions().stream()
                .filter(one -> connection.has(host, one))
                .toList();
    }

    private static void addSegments(List<WireSegment> segments, List<LadderEvent> events) {
        RelativeNumbers numbers = new RelativeNumbers();
        for (WireSegment segment : segments) {
            LadderEvent.Sent sent = numbers.of(segment);
            events.add(sent);
            if (segment.arrivedLate()) {
                events.add(new LadderEvent.Arrived(sent));
            }
        }
    }
}
