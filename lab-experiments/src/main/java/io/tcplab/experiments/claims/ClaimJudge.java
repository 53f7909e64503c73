package io.tcplab.experiments.claims;

import io.tcplab.experiments.Arm;
import io.tcplab.experiments.Verdict;
import io.tcplab.experiments.run.ExpectationResult;
import io.tcplab.experiments.run.RunResult;
import java.util.List;
import java.util.Optional;

/** Turns runs into verdicts on claims. Pure: no claim's verdict is written down anywhere, the runs alone decide. */
public final class ClaimJudge {
    private static final String NOT_RUN = "the run didn't finish";

    private ClaimJudge() {}

    /** Judges a claim by what ran; runs that it needs and that aren't there leave it undecided. */
    public static ClaimResult judge(Claim claim, List<RunResult> runs) {
        List<PointResult> points =
                claim.points().stream().map(point -> judge(point, runs)).toList();
        return new ClaimResult(claim, verdict(points), points);
    }

    private static ClaimVerdict verdict(List<PointResult> points) {
        if (points.isEmpty() || points.stream().anyMatch(point -> point.verdict() == Verdict.INCONCLUSIVE)) {
            return ClaimVerdict.NOT_DECIDABLE;
        }
        if (points.stream().anyMatch(ClaimJudge::supersedes)) {
            return ClaimVerdict.OBSOLETE;
        }
        boolean some = points.stream().anyMatch(ClaimJudge::speaksFor);
        boolean all = points.stream().allMatch(ClaimJudge::speaksFor);
        if (all) {
            return ClaimVerdict.TRUE;
        }
        return some ? ClaimVerdict.CONDITIONAL : ClaimVerdict.FALSE;
    }

    private static boolean supersedes(PointResult result) {
        return result.point().bearing() == Bearing.SUPERSEDES && isAsStated(result);
    }

    /** Of a kernel that differs something else was expected than the expectation's words say: they don't hold there. */
    private static boolean isAsStated(PointResult result) {
        return result.verdict() == Verdict.CONFIRMED && result.reason().isEmpty();
    }

    /** What was to supersede a claim and is refuted speaks for it: the thing is still there. */
    private static boolean speaksFor(PointResult result) {
        return switch (result.point().bearing()) {
            case FOR -> isAsStated(result);
            case AGAINST, SUPERSEDES -> !isAsStated(result);
        };
    }

    private static PointResult judge(Point point, List<RunResult> runs) {
        return runs.stream()
                .filter(point.run()::yielded)
                .findFirst()
                .map(run -> judge(point, run))
                .orElseGet(() -> new PointResult(point, Verdict.INCONCLUSIVE, "", "", NOT_RUN));
    }

    private static PointResult judge(Point point, RunResult run) {
        ExpectationResult fault = find(point, run, Arm.FAULT)
                .orElseThrow(() -> new IllegalStateException(run.experiment() + " has no expectation: "
                        + point.expectation().statement()));
        Optional<ExpectationResult> control = find(point, run, Arm.CONTROL);
        // Refuted is refuted whatever the control shows. Only what is shown has to differ from it.
        Optional<ExpectationResult> doubt = control.filter(
                other -> fault.verdict() == Verdict.CONFIRMED && other.verdict() == Verdict.INCONCLUSIVE);
        return new PointResult(
                point,
                doubt.map(ExpectationResult::verdict).orElse(fault.verdict()),
                fault.observed(),
                control.map(ExpectationResult::observed).orElse(""),
                doubt.map(ExpectationResult::reason).orElse(fault.reason()));
    }

    private static Optional<ExpectationResult> find(Point point, RunResult run, Arm arm) {
        return run.expectations().stream()
                .filter(result -> result.arm() == arm && result.expectation().equals(point.expectation()))
                .findFirst();
    }
}
