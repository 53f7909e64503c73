package io.tcplab.experiments.claims;

import static io.tcplab.experiments.Verdict.CONFIRMED;
import static io.tcplab.experiments.Verdict.INCONCLUSIVE;
import static io.tcplab.experiments.Verdict.REFUTED;
import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.experiments.Arm;
import io.tcplab.experiments.Expectation;
import io.tcplab.experiments.Role;
import io.tcplab.experiments.Source;
import io.tcplab.experiments.Verdict;
import io.tcplab.experiments.catalogue.Catalogue;
import io.tcplab.experiments.run.ArmFigures;
import io.tcplab.experiments.run.ExpectationResult;
import io.tcplab.experiments.run.RunResult;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClaimJudgeTest {
    private static final ClaimRun RUN = ClaimRun.of(Catalogue.byName("half-open"));
    private static final Expectation ONE = Expectation.deciding(Role.SERVER, Source.SOCK_DIAG, "one");
    private static final Expectation OTHER = Expectation.supporting(Role.SERVER, Source.SOCK_DIAG, "other");

    @ParameterizedTest
    @CsvSource({
        "CONFIRMED, CONFIRMED, CONDITIONAL",
        "CONFIRMED, REFUTED, TRUE",
        "REFUTED, CONFIRMED, FALSE",
        "REFUTED, REFUTED, CONDITIONAL",
        "CONFIRMED, INCONCLUSIVE, NOT_DECIDABLE",
        "INCONCLUSIVE, CONFIRMED, NOT_DECIDABLE"
    })
    void weighsWhatSpeaksForItAndAgainstIt(Verdict pro, Verdict contra, ClaimVerdict verdict) {
        Claim claim = claim().upheldBy(RUN, ONE, "pro").contradictedBy(RUN, OTHER, "contra");
        assertThat(verdict(claim, result(fault(ONE, pro), fault(OTHER, contra))))
                .isEqualTo(verdict);
    }

    @ParameterizedTest
    @CsvSource({
        "CONFIRMED, CONFIRMED, OBSOLETE",
        "CONFIRMED, REFUTED, TRUE",
        "REFUTED, CONFIRMED, OBSOLETE",
        "REFUTED, REFUTED, CONDITIONAL"
    })
    void isObsoleteIfSomethingElseHasTakenItsPlace(Verdict pro, Verdict successor, ClaimVerdict verdict) {
        Claim claim = claim().upheldBy(RUN, ONE, "pro").supersededBy(RUN, OTHER, "successor");
        assertThat(verdict(claim, result(fault(ONE, pro), fault(OTHER, successor))))
                .isEqualTo(verdict);
    }

    @Test
    void tellsTheEvidenceInOneLine() {
        Claim claim = claim().upheldBy(RUN, ONE, "first").contradictedBy(RUN, OTHER, "second");
        RunResult run = result(fault(ONE, CONFIRMED), fault(OTHER, REFUTED));
        assertThat(ClaimJudge.judge(claim, List.of(run)).evidence()).isEqualTo("first: 7; second: 7");
    }

    @Test
    void whatTheControlShowsTooDecidesNothing() {
        Claim claim = claim().contradictedBy(RUN, ONE, "it");
        ExpectationResult same =
                new ExpectationResult(ONE, Arm.CONTROL, "not = 7", "7", INCONCLUSIVE, "it holds in both");
        ClaimResult judged = ClaimJudge.judge(claim, List.of(result(fault(ONE, CONFIRMED), same)));
        assertThat(judged.verdict()).isEqualTo(ClaimVerdict.NOT_DECIDABLE);
        assertThat(judged.evidence()).isEqualTo("half-open: it holds in both");
        assertThat(judged.isOpen()).isTrue();
    }

    @Test
    void whatIsRefutedIsSoWhateverTheControlShows() {
        Claim claim = claim().contradictedBy(RUN, ONE, "it");
        ExpectationResult missing = new ExpectationResult(ONE, Arm.CONTROL, "", "", INCONCLUSIVE, "gone");
        assertThat(verdict(claim, result(fault(ONE, REFUTED), missing))).isEqualTo(ClaimVerdict.TRUE);
    }

    /** A kernel that differs is expected to, and so says otherwise than the words of the expectation. */
    @Test
    void whatAKernelDoesOtherwiseSpeaksTheOtherWay() {
        ExpectationResult still = new ExpectationResult(
                OTHER, Arm.FAULT, "= 0", "0", CONFIRMED, "this kernel still has it (Linux 4.12 removed it)");
        Claim claim = claim().upheldBy(RUN, ONE, "it");
        assertThat(verdict(claim.supersededBy(RUN, OTHER, "gone"), result(fault(ONE, CONFIRMED), still)))
                .isEqualTo(ClaimVerdict.TRUE);
        assertThat(verdict(claim.contradictedBy(RUN, OTHER, "no"), result(fault(ONE, CONFIRMED), still)))
                .isEqualTo(ClaimVerdict.TRUE);
        assertThat(verdict(claim.upheldBy(RUN, OTHER, "yes"), result(fault(ONE, CONFIRMED), still)))
                .isEqualTo(ClaimVerdict.CONDITIONAL);
    }

    @Test
    void withoutItsRunItIsUndecided() {
        ClaimResult judged = ClaimJudge.judge(claim().upheldBy(RUN, ONE, "it"), List.of());
        assertThat(judged.verdict()).isEqualTo(ClaimVerdict.NOT_DECIDABLE);
        assertThat(judged.evidence()).isEqualTo("half-open: the run didn't finish");
    }

    @Test
    void whatNoKernelCanTellIsUndecidedAndNotOpen() {
        ClaimResult judged = ClaimJudge.judge(claim(), List.of(result(fault(ONE, CONFIRMED))));
        assertThat(judged.verdict()).isEqualTo(ClaimVerdict.NOT_DECIDABLE);
        assertThat(judged.evidence()).isEqualTo("background");
        assertThat(judged.isOpen()).isFalse();
    }

    @Test
    void takesTheRunWithItsOwnSettings() {
        Claim claim = claim().upheldBy(RUN.with("retries2", "4"), ONE, "it");
        RunResult other = result(Map.of("retries2", 3), fault(ONE, REFUTED));
        RunResult own = result(Map.of("retries2", 4), fault(ONE, CONFIRMED));
        assertThat(ClaimJudge.judge(claim, List.of(other, own)).verdict()).isEqualTo(ClaimVerdict.TRUE);
    }

    private static ClaimVerdict verdict(Claim claim, RunResult run) {
        return ClaimJudge.judge(claim, List.of(run)).verdict();
    }

    private static Claim claim() {
        return Claim.of(1, "text", "background");
    }

    private static ExpectationResult fault(Expectation expectation, Verdict verdict) {
        String reason = verdict == INCONCLUSIVE ? "lost" : "";
        return new ExpectationResult(expectation, Arm.FAULT, "= 7", reason.isEmpty() ? "7" : "", verdict, reason);
    }

    private static RunResult result(ExpectationResult... expectations) {
        return result(Map.of(), expectations);
    }

    private static RunResult result(Map<String, Object> knobs, ExpectationResult... expectations) {
        return new RunResult(
                RUN.name(),
                1,
                CONFIRMED,
                "",
                1,
                knobs,
                Map.of(),
                List.of(expectations),
                Map.of(),
                ArmFigures.none(),
                ArmFigures.none());
    }
}
