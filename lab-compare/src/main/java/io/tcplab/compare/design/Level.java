package io.tcplab.compare.design;

import java.util.List;

/**
 * One value of a factor.
 *
 * @param label as tables show it, with the factor's name before it: {@code tcp_tw_reuse=1}
 * @param change what it sets
 * @param notes what isn't available here and so isn't set, with the reason
 */
public record Level(String label, Change change, List<String> notes) {
    /** Copies the notes. */
    public Level {
        notes = List.copyOf(notes);
    }

    /** One that can be had as it is. */
    public Level(String label, Change change) {
        this(label, change, List.of());
    }
}
