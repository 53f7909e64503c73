package io.tcplab.experiments.claims;

import io.tcplab.experiments.Expectation;

/**
 * One thing that speaks for a claim or against it.
 *
 * @param run where it is observed
 * @param expectation what is expected there
 * @param bearing what it means for the claim
 * @param measure what is observed, in a few words that don't say how it comes out: {@code timers of TIME_WAIT, s}
 */
public record Point(ClaimRun run, Expectation expectation, Bearing bearing, String measure) {}
