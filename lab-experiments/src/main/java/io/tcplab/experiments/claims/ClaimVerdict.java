package io.tcplab.experiments.claims;

import java.util.Locale;

/** What the kernel at hand says of a claim. */
public enum ClaimVerdict {
    /** All that was shown speaks for it. */
    TRUE,
    /** All that was shown speaks against it. */
    FALSE,
    /** Some speaks for it and some against it: it holds under a condition. */
    CONDITIONAL,
    /** It is about something that this kernel no longer has, or no longer goes by. */
    OBSOLETE,
    /** Evidence is missing, or no kernel at hand can tell. */
    NOT_DECIDABLE;

    /** The spelling of the JSON contract and of every report: {@code not-decidable}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
