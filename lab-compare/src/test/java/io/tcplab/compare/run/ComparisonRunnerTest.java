package io.tcplab.compare.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tcplab.client.LoadPlan;
import io.tcplab.client.ShortLived;
import io.tcplab.client.Stop;
import io.tcplab.compare.design.Change;
import io.tcplab.compare.design.Design;
import io.tcplab.compare.design.Factor;
import io.tcplab.compare.design.Factors;
import io.tcplab.compare.design.Level;
import io.tcplab.compare.verdict.ComparisonResult;
import io.tcplab.compare.verdict.Evaluation;
import io.tcplab.experiments.Bound;
import io.tcplab.experiments.EvidenceMissing;
import io.tcplab.experiments.Experiment;
import io.tcplab.experiments.Role;
import io.tcplab.experiments.UsageException;
import io.tcplab.experiments.cell.RunningServer;
import io.tcplab.experiments.cell.Sandboxes;
import io.tcplab.server.WellBehaved;
import io.tcplab.transport.Transport;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ComparisonRunnerTest {
    private static final CompareListener NOBODY = new CompareListener() {};

    /** Each run waits until the others are there as well: one that had to wait for its turn would never come. */
    @Test
    void whatWaitsGoesSideBySide() throws Exception {
        CyclicBarrier allSixteen = new CyclicBarrier(16);
        Experiment waiting = new Stub(Bound.WAITING, trial -> {
            try {
                allSixteen.await(30, TimeUnit.SECONDS);
            } catch (Exception e) {
                throw new EvidenceMissing("the others never came: " + e);
            }
            Stub.measure(trial, 1);
        });
        assertThat(run(plan(waiting, "client:net.ipv4.tcp_tw_reuse=0,1,2,0", 4)))
                .hasSize(16)
                .allMatch(Sample::isKept);
    }

    @Test
    void whatIsLimitedByTheProcessorGoesAloneAndWarmsUp() throws Exception {
        AtomicInteger atOnce = new AtomicInteger();
        AtomicInteger runs = new AtomicInteger();
        ConcurrentLinkedQueue<Integer> seen = new ConcurrentLinkedQueue<>();
        Experiment busy = new Stub(Bound.THROUGHPUT, trial -> {
            seen.add(atOnce.incrementAndGet());
            Stub.measure(trial, runs.incrementAndGet());
            atOnce.decrementAndGet();
        });
        List<Sample> samples = run(plan(busy, "client:net.ipv4.tcp_tw_reuse=0,1", 3));
        assertThat(seen).containsOnly(1);
        assertThat(runs).hasValue(8);
        assertThat(samples)
                .hasSize(6)
                .extracting(sample -> sample.value(Stub.MEASURED).orElse(0))
                .doesNotContain(0.0, 1.0, 2.0);
    }

    @Test
    void noMoreGoSideBySideThanWanted() throws Exception {
        AtomicInteger atOnce = new AtomicInteger();
        ConcurrentLinkedQueue<Integer> seen = new ConcurrentLinkedQueue<>();
        CyclicBarrier pairs = new CyclicBarrier(2);
        Experiment waiting = new Stub(Bound.WAITING, trial -> {
            seen.add(atOnce.incrementAndGet());
            try {
                pairs.await(30, TimeUnit.SECONDS);
            } catch (Exception e) {
                throw new EvidenceMissing("the other never came: " + e);
            }
            Stub.measure(trial, 1);
            atOnce.decrementAndGet();
        });
        Plan plan = plan(waiting, "client:net.ipv4.tcp_tw_reuse=0,1", 4);
        assertThat(plan.sideBySide()).isEqualTo(8);
        assertThat(run(plan.withJobs(2))).hasSize(8).allMatch(Sample::isKept);
        assertThat(seen).allMatch(running -> running <= 2);
        assertThat(plan.withJobs(2).about()).isEqualTo(plan.about().multipliedBy(4));
    }

    @Test
    void whatTheProcessorLimitsGoesAloneWhateverIsWantedAndThatIsTold() {
        Plan plan = plan(new Stub(Bound.THROUGHPUT, trial -> {}), "client:net.ipv4.tcp_tw_reuse=0,1", 4);
        assertThat(plan.withJobs(4).sideBySide()).isEqualTo(1);
        assertThat(plan.withJobs(4).notes()).anySatisfy(note -> assertThat(note).contains("one at a time"));
        assertThat(plan.withJobs(1).notes()).isEqualTo(plan.notes());
    }

    @Test
    void aMeasureThatCantBeHadIsToldAndTheTrialCounts() throws Exception {
        Experiment blind = new Stub(
                Bound.WAITING,
                trial -> trial.measure(Stub.MEASURED, () -> {
                    throw new EvidenceMissing("only root may know");
                }));
        Plan plan = plan(blind, "client:net.ipv4.tcp_tw_reuse=0,1", 2);
        List<Sample> samples = run(plan);
        assertThat(samples).hasSize(4).allMatch(Sample::isKept);
        ComparisonResult result = Evaluation.of(plan, samples, false, 1);
        assertThat(result.notes()).contains("client.measured has no samples: only root may know");
        assertThat(result.measures().getFirst().isNothing())
                .as("nothing was measured, which isn't 0")
                .isFalse();
    }

    @Test
    void theSeedDecidesTheOrderAndEachTrialHasEachSetting() {
        Plan plan = plan(new Stub(Bound.WAITING, trial -> {}), "client:net.ipv4.tcp_tw_reuse=0,1,2", 4);
        List<Integer> order = plan.order().stream()
                .map(run -> run.planned().setting().number())
                .toList();
        assertThat(plan.order()).isEqualTo(plan.order());
        for (int trial = 0; trial < 4; trial++) {
            assertThat(order.subList(3 * trial, 3 * trial + 3)).containsExactlyInAnyOrder(1, 2, 3);
        }
        assertThat(order).isNotEqualTo(List.of(1, 2, 3, 1, 2, 3, 1, 2, 3, 1, 2, 3));
    }

    @Test
    void whatLostEvidenceIsRepeatedAndThenDroppedWithTheReason() throws Exception {
        AtomicInteger attempts = new AtomicInteger();
        Experiment late = new Stub(Bound.WAITING, trial -> {
            boolean baseline = trial.client().sysctl("net.ipv4.tcp_tw_reuse").equals("0");
            if (!baseline || attempts.incrementAndGet() == 1) {
                throw new EvidenceMissing("the generator was late");
            }
            Stub.measure(trial, 1);
        });
        List<Sample> samples = run(plan(late, "client:net.ipv4.tcp_tw_reuse=0,1", 1));
        assertThat(samples)
                .filteredOn(sample -> sample.setting() == 1)
                .singleElement()
                .satisfies(sample -> {
                    assertThat(sample.isKept()).isTrue();
                    assertThat(sample.failed()).containsExactly("the generator was late");
                });
        assertThat(samples)
                .filteredOn(sample -> sample.setting() == 2)
                .singleElement()
                .satisfies(sample -> {
                    assertThat(sample.isKept()).isFalse();
                    assertThat(sample.run().problem()).isEqualTo("the generator was late");
                    assertThat(sample.failed()).hasSize(2);
                });
    }

    @Test
    void sysctlsAreReadBackAndWhatTheRunChangesIsTold() throws Exception {
        Experiment meddling =
                new Stub(Bound.WAITING, trial -> trial.client().setSysctl("net.ipv4.tcp_fin_timeout", "7"));
        Plan plan = plan(meddling, "client:net.ipv4.tcp_fin_timeout=5,60", 1);
        assertThat(run(plan)).allSatisfy(sample -> {
            assertThat(sample.run().sysctls().get(Role.CLIENT))
                    .isEqualTo(Map.of(
                            "net.ipv4.tcp_fin_timeout",
                            sample.setting() == 1 ? "5" : "60",
                            "net.ipv4.tcp_tw_reuse",
                            "1"));
            assertThat(sample.run().changed()).containsExactly("client net.ipv4.tcp_fin_timeout");
        });
    }

    @Test
    void aTransportIsTheWholeCells() throws Exception {
        ConcurrentLinkedQueue<Transport> seen = new ConcurrentLinkedQueue<>();
        Experiment serving = new Stub(Bound.THROUGHPUT, trial -> {
            RunningServer server = trial.server().serve(new WellBehaved(false));
            LoadPlan load = trial.client()
                    .plan(new ShortLived(), server)
                    .withConcurrency(1)
                    .withStop(new Stop.AfterCount(1));
            seen.add(load.transport());
            Stub.measure(trial, (double)
                    trial.client().load(load).awaitEnd(Duration.ofSeconds(10)).completed());
        });
        Design design = Design.of(serving, 7)
                .with(Factors.transports(List.of("nio", "epoll")))
                .withTrials(1);
        assertThat(run(Plan.of(design, Sandboxes::byName, "namespaces")))
                .allMatch(Sample::isKept)
                .hasSize(2);
        assertThat(seen).contains(Transport.NIO, Transport.EPOLL);
    }

    @Test
    void aFaultThatIsVariedIsNoted() {
        assertThat(plan(new Stub(Bound.WAITING, trial -> {}), "client:net.ipv4.tcp_tw_reuse=0,1", 1)
                        .notes())
                .singleElement()
                .asString()
                .contains("net.ipv4.tcp_tw_reuse on the client is this experiment's own fault");
    }

    /** As when one profile sets it and another doesn't. */
    @Test
    void whatOnlySomeSettingsTakeFromTheExperimentIsNoted() {
        Factor profiles = new Factor(
                "profile",
                List.of(
                        new Level("a", Change.none()),
                        new Level("b", Change.sysctls(Map.of(Role.CLIENT, Map.of("net.ipv4.tcp_tw_reuse", "2"))))));
        Design design = Design.of(new Stub(Bound.WAITING, trial -> {}), 1).with(profiles);
        assertThat(Plan.of(design, Sandboxes::byName, "namespaces").notes())
                .anySatisfy(note -> assertThat(note)
                        .contains("net.ipv4.tcp_tw_reuse on the client: a doesn't set it, so it is 1, the"
                                + " value of stub"));
    }

    @Test
    void whatCannotFitIsRefusedBeforeTheStart() {
        Design design = Design.of(new Stub(Bound.WAITING, trial -> {}), 1).with(Factors.knob("size=1,1000000"));
        assertThatThrownBy(() -> Plan.of(design, Sandboxes::byName, "namespaces"))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("The largest that fits is --set size=");
    }

    @Test
    void theTimeItTakesIsKnown() {
        assertThat(plan(new Stub(Bound.WAITING, trial -> {}), "net.ipv4.tcp_tw_reuse=0,1", 5)
                        .about())
                .isEqualTo(Duration.ofSeconds(2));
        assertThat(plan(new Stub(Bound.THROUGHPUT, trial -> {}), "net.ipv4.tcp_tw_reuse=0,1", 5)
                        .about())
                .isEqualTo(Duration.ofSeconds(24));
    }

    private static Plan plan(Experiment experiment, String sysctl, int trials) {
        Design design = Design.of(experiment, 7).with(Factors.sysctl(sysctl)).withTrials(trials);
        return Plan.of(design, Sandboxes::byName, "namespaces");
    }

    private static List<Sample> run(Plan plan) throws InterruptedException {
        ConcurrentLinkedQueue<Sample> samples = new ConcurrentLinkedQueue<>();
        new ComparisonRunner(plan, NOBODY).run(samples::add);
        return List.copyOf(samples);
    }
}
