package io.tcplab.experiments.run;

import io.tcplab.experiments.Arm;
import io.tcplab.experiments.Expectation;
import io.tcplab.experiments.Observation;
import io.tcplab.experiments.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Turns observations into verdicts. Pure: the same evidence always gets the same verdict. */
final class Judge {
    private static final String PROVES_NOTHING = "it also holds without the fault, so it proves nothing";
    private static final String NOT_OBSERVED = "the run ended before this was observed";

    private Judge() {}

    /**
     * What one arm yielded.
     *
     * @param problem what ended the arm early; empty if it went to its end
     */
    record ArmEvidence(Map<Expectation, Observation> observations, String problem) {
        Observation of(Expectation expectation) {
            Observation seen = observations.get(expectation);
            return seen != null
                    ? seen
                    : Observation.missing(expectation, "", problem.isEmpty() ? NOT_OBSERVED : problem);
        }
    }

    /** Judges the fault's arm and, if there was one, the control's. */
    static List<ExpectationResult> judge(
            List<Expectation> expectations, ArmEvidence fault, Optional<ArmEvidence> control) {
        List<ExpectationResult> results = new ArrayList<>();
        for (Expectation expectation : expectations) {
            results.add(judgeFault(expectation, fault));
            if (expectation.decides()) {
                control.ifPresent(evidence -> results.add(judgeControl(expectation, evidence)));
            }
        }
        return List.copyOf(results);
    }

    /**
     * The run's verdict: what decides must be confirmed in both arms; what merely supports can refute, but its absence
     * doesn't matter.
     */
    static Verdict verdict(List<ExpectationResult> results) {
        return Verdict.of(results.stream()
                .filter(result -> result.decides() || result.verdict() == Verdict.REFUTED)
                .map(ExpectationResult::verdict)
                .toList());
    }

    /** Why the run isn't confirmed, from the first expectation that speaks for its verdict; empty if it is. */
    static String reason(List<ExpectationResult> results, Verdict verdict) {
        if (verdict == Verdict.CONFIRMED) {
            return "";
        }
        return results.stream()
                .filter(result -> result.verdict() == verdict)
                .filter(result -> result.decides() || verdict == Verdict.REFUTED)
                .map(Judge::describe)
                .findFirst()
                .orElse("nothing was observed");
    }

    private static ExpectationResult judgeFault(Expectation expectation, ArmEvidence evidence) {
        Observation seen = evidence.of(expectation);
        Verdict verdict = seen.holds()
                .map(holds -> holds ? Verdict.CONFIRMED : Verdict.REFUTED)
                .orElse(Verdict.INCONCLUSIVE);
        return new ExpectationResult(expectation, Arm.FAULT, seen.expected(), seen.observed(), verdict, seen.reason());
    }

    private static ExpectationResult judgeControl(Expectation expectation, ArmEvidence evidence) {
        Observation seen = evidence.of(expectation);
        boolean differs = seen.holds().isPresent() && !seen.holds().get();
        String reason = seen.holds().orElse(false) ? PROVES_NOTHING : seen.reason();
        return new ExpectationResult(
                expectation,
                Arm.CONTROL,
                seen.expected().isEmpty() ? "" : "not " + seen.expected(),
                seen.observed(),
                differs ? Verdict.CONFIRMED : Verdict.INCONCLUSIVE,
                reason);
    }

    private static String describe(ExpectationResult result) {
        String what = result.expectation().statement() + " (" + result.arm().label() + ")";
        if (result.observed().isEmpty() || result.reason().equals(PROVES_NOTHING)) {
            return what + ": " + result.reason();
        }
        String difference = result.reason().isEmpty() ? "" : " (" + result.reason() + ")";
        return what + ": expected " + result.expected() + ", observed " + result.observed() + difference;
    }
}
