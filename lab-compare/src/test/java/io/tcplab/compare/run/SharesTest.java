package io.tcplab.compare.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tcplab.compare.design.Design;
import io.tcplab.compare.design.Factors;
import io.tcplab.compare.statistics.Contrast;
import io.tcplab.compare.verdict.ComparisonResult;
import io.tcplab.compare.verdict.Effect;
import io.tcplab.compare.verdict.Evaluation;
import io.tcplab.compare.verdict.Finding;
import io.tcplab.compare.verdict.NodeResult;
import io.tcplab.experiments.Bound;
import io.tcplab.experiments.Measurement;
import io.tcplab.experiments.UsageException;
import io.tcplab.experiments.cell.Sandboxes;
import io.tcplab.experiments.run.MeasuredRun;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A comparison on several machines: who tries what, and what comes of it if the machines differ by more than the settings. */
class SharesTest {
    private static final int OFFSET = 1_000;

    @Test
    void eachMachineTriesEachSettingEquallyOften() {
        Plan plan = plan(7);
        List<Share> shares = Share.of(plan, 3);

        assertThat(shares).extracting(Share::trials).containsExactly(3, 2, 2);
        assertThat(shares).extracting(Share::before).containsExactly(0, 3, 5);
        Set<List<Integer>> orders = new HashSet<>();
        for (Share share : shares) {
            List<Integer> order = plan(share.design()).order().stream()
                    .map(run -> run.planned().setting().number())
                    .toList();
            orders.add(order);
            for (int trial = 0; trial < share.trials(); trial++) {
                assertThat(order.subList(3 * trial, 3 * trial + 3))
                        .as("whole trials")
                        .containsExactlyInAnyOrder(1, 2, 3);
            }
        }
        assertThat(orders).as("each in an order of its own").hasSize(3);
        assertThat(Share.of(plan, 3)).as("the seed decides").isEqualTo(shares);
    }

    @Test
    void noMachineIsWithoutATrial() {
        assertThatThrownBy(() -> plan(2).on(3))
                .isInstanceOf(UsageException.class)
                .hasMessage("--trials 2 is less than --nodes 3: each machine runs each setting at least once");
        assertThat(plan(design()).on(9).trials()).isGreaterThanOrEqualTo(9);
        assertThat(plan(design()).on(1).trials()).isEqualTo(plan(design()).trials());
    }

    /** One machine measures a thousand more than the other, a setting a few more than the baseline. */
    @Test
    void anEffectIsSeenBesideMachinesThatDifferByMore() {
        List<Sample> samples = new ArrayList<>();
        for (int trial = 1; trial <= 3; trial++) {
            for (int setting = 1; setting <= 3; setting++) {
                int value = 10 + trial + (setting == 2 ? 20 : 0);
                samples.add(sample(setting, trial, value, "a", 0));
                samples.add(sample(setting, trial, value + OFFSET, "b", 3));
            }
        }
        Plan plan = plan(6);
        ComparisonResult result = Evaluation.of(plan, samples, List.of(node("a", ""), node("b", "")), false, 1);

        assertThat(effects(result)).containsExactly(Effect.SMALL, Effect.NONE);
        assertThat(contrast(result, 2).difference()).isEqualTo(20);
        assertThat(result.notes())
                .last()
                .asString()
                .startsWith("client.measured depends on the machine: 1,019 pieces on b, 18.7 on a (p\u00a0");
        assertThat(result.isPartial()).isFalse();

        ComparisonResult pooled = Evaluation.of(plan, samples, false, 1);
        assertThat(effects(pooled)).as("without machines it drowns").containsOnly(Effect.NONE);
    }

    /** Machine b is lost when it had tried little but the second setting, whose pooled values would look larger by far. */
    @Test
    void aLostMachineIsNoEffect() {
        List<Sample> samples = new ArrayList<>();
        for (int trial = 1; trial <= 5; trial++) {
            samples.add(sample(1, trial, 10 + trial, "a", 0));
            samples.add(sample(2, trial, 10 + trial, "a", 0));
            samples.add(sample(3, trial, 10 + trial, "a", 0));
        }
        for (int trial = 1; trial <= 30; trial++) {
            samples.add(sample(2, trial, 10 + OFFSET + trial, "b", 5));
        }
        Plan plan = plan(35);
        List<NodeResult> nodes = List.of(node("a", ""), node("b", "client 2 (b) is lost"));
        ComparisonResult result = Evaluation.of(plan, samples, nodes, false, 1);

        assertThat(effects(result)).containsOnly(Effect.NONE);
        assertThat(contrast(result, 2).difference()).isZero();
        assertThat(result.isPartial()).isTrue();
        assertThat(effects(Evaluation.of(plan, samples, false, 1)))
                .as("without machines it is large")
                .containsExactly(Effect.LARGE, Effect.NONE);
    }

    /** What is left is judged only if it could tell. */
    @Test
    void tooLittleIsLeftOfALostMachine() {
        List<Sample> samples = new ArrayList<>();
        for (int trial = 1; trial <= 3; trial++) {
            samples.add(sample(1, trial, 10 + trial, "a", 0));
            samples.add(sample(2, trial, 90 + trial, "a", 0));
        }
        samples.add(sample(2, 4, 95, "b", 3));
        samples.add(sample(3, 4, 50, "b", 3));
        ComparisonResult result =
                Evaluation.of(plan(6), samples, List.of(node("a", "lost"), node("b", "lost")), false, 1);

        assertThat(effects(result)).containsExactly(Effect.TOO_FEW_TRIALS, Effect.NO_SAMPLES);
        assertThat(result.measures().getFirst().findings().getFirst().words())
                .startsWith("too few trials to tell: 3 against 3, so p is 0.1 at least");
        assertThat(result.isTold()).isFalse();
    }

    private static List<Effect> effects(ComparisonResult result) {
        return result.measures().getFirst().findings().stream()
                .map(Finding::effect)
                .toList();
    }

    private static Contrast contrast(ComparisonResult result, int setting) {
        return result.measures()
                .getFirst()
                .findings()
                .get(setting - 2)
                .contrast()
                .orElseThrow();
    }

    private static NodeResult node(String name, String problem) {
        return new NodeResult(name, "6.18.44", 3, 9, problem);
    }

    private static Sample sample(int setting, int trial, double value, String machine, int before) {
        Map<String, Measurement> measured = Map.of(Stub.MEASURED.name(), new Measurement(value, "pieces"));
        MeasuredRun run = new MeasuredRun(measured, Map.of(), Optional.empty(), Map.of(), List.of(), "", 1);
        return new Sample(setting, trial, run, List.of()).on(machine, before);
    }

    private static Plan plan(int trials) {
        return plan(design().withTrials(trials));
    }

    private static Design design() {
        return Design.of(new Stub(Bound.WAITING, trial -> {}), 7)
                .with(Factors.sysctl("client:net.ipv4.tcp_tw_reuse=0,1,2"));
    }

    private static Plan plan(Design design) {
        return Plan.of(design, Sandboxes::byName, "namespaces");
    }
}
