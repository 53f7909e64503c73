package io.tcplab.experiments.claims;

/** What it means for a claim if an expectation is shown to hold. */
public enum Bearing {
    /** The claim says so, too. If it is refuted, that speaks against the claim. */
    FOR,
    /** The claim says otherwise. If it is refuted, that speaks for the claim. */
    AGAINST,
    /** The kernel no longer has, or no longer goes by, what the claim is about. */
    SUPERSEDES
}
