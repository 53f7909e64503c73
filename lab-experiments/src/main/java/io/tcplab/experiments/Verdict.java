package io.tcplab.experiments;

import java.util.Collection;
import java.util.Locale;

/** What the evidence says of an expectation, and of a whole run. */
public enum Verdict {
    /** The kernel showed what was expected, and the control did not. */
    CONFIRMED,
    /** The kernel showed something else. */
    REFUTED,
    /** Evidence is missing or was lost, or can't tell the fault from its control. Never a pass. */
    INCONCLUSIVE;

    /** The spelling of the JSON contract and of every report: {@code confirmed}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The verdict on the whole from the verdicts on its parts: a single refutation refutes, else a single gap leaves
     * the whole inconclusive. Nothing at all proves nothing.
     */
    public static Verdict of(Collection<Verdict> parts) {
        if (parts.contains(REFUTED)) {
            return REFUTED;
        }
        return parts.isEmpty() || parts.contains(INCONCLUSIVE) ? INCONCLUSIVE : CONFIRMED;
    }
}
