package io.tcplab.diagnose;

import io.tcplab.diagnose.causes.Ledger;

/**
 * Judges one look after another at a target. What a look has in common with the one before isn't gone through again; the result is the
 * same as that of {@link Overview#of}. Not for several threads.
 */
public final class Judge {
    private final Ledger ledger = new Ledger();

    /** Sums up what there is to see, and says what is wrong. */
    public Overview overview(Look look) {
        return Overview.of(look, ledger.evidence(look.scope(), look.samples()));
    }
}
