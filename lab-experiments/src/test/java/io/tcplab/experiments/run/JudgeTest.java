package io.tcplab.experiments.run;

import static io.tcplab.experiments.Verdict.CONFIRMED;
import static io.tcplab.experiments.Verdict.INCONCLUSIVE;
import static io.tcplab.experiments.Verdict.REFUTED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.tcplab.experiments.Arm;
import io.tcplab.experiments.Expectation;
import io.tcplab.experiments.Observation;
import io.tcplab.experiments.Role;
import io.tcplab.experiments.Source;
import io.tcplab.experiments.Verdict;
import io.tcplab.experiments.run.Judge.ArmEvidence;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class JudgeTest {
    private static final Expectation STUCK = Expectation.deciding(Role.SERVER, Source.SOCK_DIAG, "stuck");
    private static final Expectation TRACED = Expectation.supporting(Role.SERVER, Source.TRANSITIONS, "traced");
    private static final List<Expectation> BOTH = List.of(STUCK, TRACED);

    @Test
    void confirmedWhenTheFaultShowsItAndTheControlDoesNot() {
        assertThat(verdict(arm(held(STUCK), held(TRACED)), arm(failed(STUCK), held(TRACED))))
                .isEqualTo(CONFIRMED);
    }

    @Test
    void refutedWhenTheFaultDoesNotShowIt() {
        assertThat(verdict(arm(failed(STUCK), held(TRACED)), arm(failed(STUCK))))
                .isEqualTo(REFUTED);
    }

    @Test
    void whatHoldsInTheControlTooProvesNothing() {
        var judged = judge(arm(held(STUCK), held(TRACED)), arm(held(STUCK)));
        assertThat(Judge.verdict(judged)).isEqualTo(INCONCLUSIVE);
        assertThat(Judge.reason(judged, INCONCLUSIVE))
                .contains("stuck (control)")
                .contains("proves nothing");
    }

    @Test
    void missingEvidenceIsNeverAPass() {
        assertThat(verdict(arm(missing(STUCK), held(TRACED)), arm(failed(STUCK))))
                .isEqualTo(INCONCLUSIVE);
        assertThat(verdict(arm(held(STUCK), held(TRACED)), arm(missing(STUCK)))).isEqualTo(INCONCLUSIVE);
        assertThat(verdict(arm(held(TRACED)), arm(failed(STUCK)))).isEqualTo(INCONCLUSIVE);
        assertThat(Judge.verdict(List.of())).isEqualTo(INCONCLUSIVE);
    }

    @Test
    void anArmThatEndedEarlySaysWhy() {
        var judged = Judge.judge(
                BOTH, new ArmEvidence(Map.of(), "the load generator lagged"), Optional.of(arm(failed(STUCK))));
        assertThat(Judge.reason(judged, Judge.verdict(judged))).isEqualTo("stuck (fault): the load generator lagged");
    }

    @Test
    void aSupportingSourceThatIsClosedDoesNotMatterButItsRefutationDoes() {
        assertThat(verdict(arm(held(STUCK), missing(TRACED)), arm(failed(STUCK))))
                .isEqualTo(CONFIRMED);
        assertThat(verdict(arm(held(STUCK), failed(TRACED)), arm(failed(STUCK))))
                .isEqualTo(REFUTED);
    }

    @Test
    void onlyWhatDecidesIsJudgedInTheControl() {
        assertThat(judge(arm(held(STUCK), held(TRACED)), arm(failed(STUCK), held(TRACED))))
                .extracting(
                        ExpectationResult::arm, result -> result.expectation().statement())
                .containsExactly(tuple(Arm.FAULT, "stuck"), tuple(Arm.CONTROL, "stuck"), tuple(Arm.FAULT, "traced"));
    }

    @Test
    void withoutAControlTheFaultsArmIsJudgedAlone() {
        var judged = Judge.judge(BOTH, arm(failed(STUCK), held(TRACED)), Optional.empty());
        assertThat(Judge.verdict(judged)).isEqualTo(REFUTED);
        assertThat(Judge.reason(judged, REFUTED)).isEqualTo("stuck (fault): expected = 500, observed 0");
    }

    @Test
    void whatThisKernelDoesOtherwiseIsSaidWhateverComesOfIt() {
        String lacks = "this kernel has no such thing (it came with Linux 6.5)";
        Observation kept = new Observation(STUCK, "= 0", "0", Optional.of(true), lacks);
        Observation not = new Observation(STUCK, "= 0", "7", Optional.of(false), lacks);
        var judged = judge(arm(kept, held(TRACED)), arm(not, held(TRACED)));
        assertThat(Judge.verdict(judged)).isEqualTo(CONFIRMED);
        assertThat(judged.getFirst().reason()).isEqualTo(lacks);
        assertThat(Judge.reason(judge(arm(not, held(TRACED)), arm(not)), REFUTED))
                .isEqualTo("stuck (fault): expected = 0, observed 7 (" + lacks + ")");
        assertThat(Judge.reason(judge(arm(kept, held(TRACED)), arm(kept)), INCONCLUSIVE))
                .contains("proves nothing");
    }

    @Test
    void theReasonIsOfWhatDecides() {
        var judged = Judge.judge(
                List.of(TRACED, STUCK), arm(missing(TRACED)), Optional.of(new ArmEvidence(Map.of(), "it was late")));
        assertThat(Judge.reason(judged, Judge.verdict(judged)))
                .isEqualTo("stuck (fault): the run ended before this was observed");
    }

    @Test
    void theControlExpectsTheContrary() {
        var judged = judge(arm(held(STUCK), held(TRACED)), arm(failed(STUCK)));
        assertThat(judged)
                .filteredOn(result -> result.arm() == Arm.CONTROL)
                .extracting(ExpectationResult::expected)
                .containsExactly("not = 500");
        assertThat(judge(arm(held(STUCK), held(TRACED)), arm()))
                .filteredOn(result -> result.arm() == Arm.CONTROL)
                .extracting(ExpectationResult::expected)
                .containsExactly("");
    }

    private static Verdict verdict(ArmEvidence fault, ArmEvidence control) {
        return Judge.verdict(judge(fault, control));
    }

    private static List<ExpectationResult> judge(ArmEvidence fault, ArmEvidence control) {
        return Judge.judge(BOTH, fault, Optional.of(control));
    }

    private static ArmEvidence arm(Observation... observations) {
        Map<Expectation, Observation> all = new LinkedHashMap<>();
        Arrays.stream(observations).forEach(o -> all.put(o.expectation(), o));
        return new ArmEvidence(all, "");
    }

    private static Observation held(Expectation expectation) {
        return new Observation(expectation, "= 500", "500", Optional.of(true), "");
    }

    private static Observation failed(Expectation expectation) {
        return new Observation(expectation, "= 500", "0", Optional.of(false), "");
    }

    private static Observation missing(Expectation expectation) {
        return new Observation(expectation, "= 500", "", Optional.empty(), "no tracepoint here");
    }
}
