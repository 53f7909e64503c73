package io.tcplab.experiments.claims;

import static java.util.stream.Collectors.joining;

import io.tcplab.experiments.Verdict;
import java.util.List;

/** What the runs said of a claim. */
public record ClaimResult(Claim claim, ClaimVerdict verdict, List<PointResult> points) {
    /** Copies the list. */
    public ClaimResult {
        points = List.copyOf(points);
    }

    /** The evidence in one line, or, if the claim isn't decided, why not. */
    public String evidence() {
        if (!claim.decidable()) {
            return claim.background();
        }
        if (verdict == ClaimVerdict.NOT_DECIDABLE) {
            return points.stream()
                    .filter(point -> point.verdict() == Verdict.INCONCLUSIVE)
                    .map(point -> point.point().run().name() + ": " + point.reason())
                    .distinct()
                    .collect(joining("; "));
        }
        return points.stream()
                .map(point -> point.point().measure() + ": " + point.observed())
                .collect(joining("; "));
    }

    /** Whether it ought to be decided and isn't. */
    public boolean isOpen() {
        return claim.decidable() && verdict == ClaimVerdict.NOT_DECIDABLE;
    }
}
