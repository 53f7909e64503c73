package io.tcplab.compare.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.compare.design.Design;
import io.tcplab.compare.design.Factors;
import io.tcplab.compare.run.Plan;
import io.tcplab.compare.run.Sample;
import io.tcplab.experiments.Experiment;
import io.tcplab.experiments.Measure;
import io.tcplab.experiments.Measurement;
import io.tcplab.experiments.Role;
import io.tcplab.experiments.Verdict;
import io.tcplab.experiments.catalogue.Catalogue;
import io.tcplab.experiments.cell.Sandboxes;
import io.tcplab.experiments.run.MeasuredRun;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What becomes of samples that nobody had to run for. */
class EvaluationTest {
    private static final String REUSE = "net.ipv4.tcp_tw_reuse";
    private static final String PORTS = "net.ipv4.ip_local_port_range";
    private static final Experiment STORM = Catalogue.byName("time-wait-storm");
    private static final Measure MEASURE = STORM.measures().getFirst();
    private static final MeasuredRun NOTHING =
            new MeasuredRun(Map.of(), Map.of(), Optional.empty(), Map.of(), List.of(), "", 1);

    private final Plan plan = Plan.of(
            Design.of(STORM, 7).with(Factors.sysctl("client:" + REUSE + "=0,1")).withTrials(3),
            Sandboxes::byName,
            "namespaces");

    @Test
    void onlyTrialsThatCountAreMeasuredWhateverTheOrderInWhichTheyEnded() {
        List<Sample> samples = new ArrayList<>();
        for (int trial = 1; trial <= 3; trial++) {
            samples.add(new Sample(1, trial, measured(trial), List.of()));
            samples.add(new Sample(2, trial, measured(10 * trial), List.of()));
        }
        ComparisonResult result = evaluated(samples);
        Collections.reverse(samples);
        assertThat(evaluated(samples).measures()).isEqualTo(result.measures());

        MeasureResult first = result.measures().getFirst();
        assertThat(first.measure()).isEqualTo(MEASURE);
        assertThat(first.summaries())
                .extracting(summary -> summary.orElseThrow().median())
                .containsExactly(2.0, 20.0);
        assertThat(first.findings()).extracting(Finding::setting).containsExactly(2);

        samples.replaceAll(sample -> sample.setting() == 2
                ? new Sample(2, sample.trial(), lost(sample.run(), "the generator was late"), List.of())
                : sample);
        MeasureResult without = evaluated(samples).measures().getFirst();
        assertThat(without.summaries().getLast()).isEmpty();
        assertThat(without.findings()).extracting(Finding::effect).containsExactly(Effect.NO_SAMPLES);
    }

    @Test
    void aSettingCountsWhatBecameOfItsRuns() {
        ComparisonResult result = evaluated(List.of(
                new Sample(1, 1, lost(NOTHING, "events were lost"), List.of("late", "late again")),
                new Sample(1, 2, with(Verdict.CONFIRMED, REUSE, "0"), List.of("late")),
                new Sample(1, 3, with(Verdict.CONFIRMED, REUSE, "7"), List.of()),
                new Sample(2, 1, with(Verdict.REFUTED, REUSE, "1"), List.of())));

        SettingResult baseline = result.settings().getFirst();
        assertThat(baseline.number()).isEqualTo(1);
        assertThat(baseline.kept()).isEqualTo(2);
        assertThat(baseline.repeated()).isEqualTo(3);
        assertThat(baseline.dropped()).containsExactly("events were lost");
        assertThat(baseline.verdicts()).isEqualTo(Map.of(Verdict.CONFIRMED, 2L));
        assertThat(baseline.sysctls()).isEqualTo(Map.of(Role.CLIENT, Map.of(REUSE, "0")));
        assertThat(result.settings().getLast().verdicts()).isEqualTo(Map.of(Verdict.REFUTED, 1L));
        assertThat(result.samples()).hasSize(4);
    }

    @Test
    void aSysctlDiffersWhereTwoRunsShowOtherValuesOfIt() {
        assertThat(evaluated(List.of(
                                new Sample(1, 1, lost(with(Verdict.CONFIRMED, REUSE, "2"), "lost"), List.of()),
                                new Sample(1, 2, with(Verdict.CONFIRMED, REUSE, "0"), List.of()),
                                new Sample(2, 1, with(Verdict.CONFIRMED, REUSE, "1"), List.of())))
                        .sysctls())
                .containsExactly(new SysctlDifference(Role.CLIENT, REUSE, List.of("0", "1")));
        assertThat(evaluated(List.of(
                                new Sample(1, 1, with(Verdict.CONFIRMED, REUSE, "1"), List.of()),
                                new Sample(2, 1, with(Verdict.CONFIRMED, REUSE, "1"), List.of())))
                        .sysctls())
                .isEmpty();
        assertThat(evaluated(List.of(
                                new Sample(1, 1, NOTHING, List.of()),
                                new Sample(2, 1, with(Verdict.CONFIRMED, REUSE, "1"), List.of())))
                        .sysctls())
                .as("a kernel that lacks it")
                .isEmpty();
    }

    @Test
    void aMeasureThatNobodyMayHaveIsNotedOnce() {
        MeasuredRun blind = new MeasuredRun(
                Map.of(), Map.of("client.x", "only root may know"), Optional.empty(), Map.of(), List.of(), "", 1);
        assertThat(evaluated(List.of(new Sample(1, 1, blind, List.of()), new Sample(2, 1, blind, List.of())))
                        .notes())
                .containsOnlyOnce("client.x has no samples: only root may know");
    }

    @Test
    void aSettingsSysctlThatTheRunSetsItselfIsNoted() {
        String note = "time-wait-storm sets client " + REUSE + " itself during the run";
        assertThat(notes("client " + REUSE)).anyMatch(one -> one.startsWith(note));
        assertThat(notes("server " + REUSE)).noneMatch(one -> one.contains("itself during the run"));
        assertThat(notes("client " + PORTS)).noneMatch(one -> one.contains("itself during the run"));
    }

    private List<String> notes(String changed) {
        MeasuredRun run = new MeasuredRun(Map.of(), Map.of(), Optional.empty(), Map.of(), List.of(changed), "", 1);
        ComparisonResult result =
                evaluated(List.of(new Sample(1, 1, NOTHING, List.of()), new Sample(2, 1, run, List.of())));
        assertThat(result.notes()).containsAll(plan.notes());
        return result.notes();
    }

    private ComparisonResult evaluated(List<Sample> samples) {
        return Evaluation.of(plan, samples, false, 1);
    }

    private static MeasuredRun measured(double value) {
        return new MeasuredRun(
                Map.of(MEASURE.name(), new Measurement(value, MEASURE.unit())),
                Map.of(),
                Optional.empty(),
                Map.of(),
                List.of(),
                "",
                1);
    }

    private static MeasuredRun with(Verdict verdict, String name, String value) {
        return new MeasuredRun(
                Map.of(), Map.of(), Optional.of(verdict), Map.of(Role.CLIENT, Map.of(name, value)), List.of(), "", 1);
    }

    private static MeasuredRun lost(MeasuredRun run, String problem) {
        return new MeasuredRun(
                run.measurements(), run.unmeasured(), run.verdict(), run.sysctls(), run.changed(), problem, 1);
    }
}
