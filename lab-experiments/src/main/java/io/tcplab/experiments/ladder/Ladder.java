package io.tcplab.experiments.ladder;

import java.util.List;
import java.util.Optional;

/**
 * One connection as a sequence of events, from what the kernels and the link showed; what an experiment meant to happen is
 * not in it.
 *
 * @param connection empty if no such connection was opened
 * @param events in the order of time
 * @param notes what could not be had, and why
 */
public record Ladder(Optional<Endpoints> connection, List<LadderEvent> events, List<String> notes) {
    /** Copies the lists. */
    public Ladder {
        events = List.copyOf(events);
        notes = List.copyOf(notes);
    }
}
