package io.tcplab.experiments.claims;

import io.tcplab.experiments.Verdict;

/**
 * What a run said of a point.
 *
 * @param verdict confirmed if the fault showed it and, where it decides its experiment, the control didn't
 * @param observed with the fault; empty where there is no evidence
 * @param control what the control showed; empty where it isn't judged
 * @param reason why it is inconclusive; or, if this kernel differs, by what it was judged; empty otherwise
 */
public record PointResult(Point point, Verdict verdict, String observed, String control, String reason) {}
