package io.tcplab.compare.design;

import java.util.List;

/**
 * What one arm of a comparison has set: a level of each factor.
 *
 * @param number 1 for the baseline, that the others are compared with
 * @param label the levels in which settings differ; no two settings have the same
 * @param change what they set together
 * @param notes what isn't available here and so isn't set, with the reason
 */
public record Setting(int number, String label, Change change, List<String> notes) {
    /** Copies the notes. */
    public Setting {
        notes = List.copyOf(notes);
    }

    /** Whether the others are compared with this one. */
    public boolean isBaseline() {
        return number == 1;
    }
}
