package io.tcplab.cluster.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.tcplab.cluster.Crew;
import io.tcplab.cluster.CrewPlan;
import io.tcplab.cluster.Lifetime;
import io.tcplab.cluster.Member;
import io.tcplab.cluster.NodeLabel;
import io.tcplab.cluster.SpreadTrials;
import io.tcplab.experiments.EvidenceMissing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The tasks of a comparison on a cluster that is pretended; what their trials are is another's business. */
class ComparisonTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Lifetime LIFETIME = new Lifetime(Duration.ofSeconds(100));

    private final PretendCluster pretended = new PretendCluster();
    private final Kubernetes kubernetes = new Kubernetes(pretended::client, "some/lab:1", pretended::attach);
    private final List<String> results = new CopyOnWriteArrayList<>();

    @AfterEach
    void end() throws Exception {
        pretended.close();
    }

    @Test
    void eachMachineRunsItsOwnStudyAndAllIsRemoved() throws Exception {
        pretended.addNode("a", Map.of());
        pretended.addNode("b", Map.of());
        pretended.run((study, jobs, each) -> {
            for (int trial = 1; trial <= 3; trial++) {
                each.accept("%s %d with %d".formatted(study, trial, jobs));
            }
        });
        assertThat(kubernetes.problem(plan(2))).isEmpty();
        try (Crew crew = kubernetes.start(plan(2));
                SpreadTrials trials = new SpreadTrials(crew, this::add)) {
            assertThat(crew.members()).extracting(Member::name).containsExactly("node 1 (node-0)", "node 2 (node-1)");
            assertThat(trials.run(List.of("one", "two"), 4)).containsExactly(Optional.empty(), Optional.empty());
        }
        assertThat(results)
                .containsExactlyInAnyOrder(
                        "node-0: one 1 with 4",
                        "node-0: one 2 with 4",
                        "node-0: one 3 with 4",
                        "node-1: two 1 with 4",
                        "node-1: two 2 with 4",
                        "node-1: two 3 with 4");
        assertThat(pretended.jobs()).isEmpty();
        assertThat(pretended.pods()).isEmpty();
    }

    /** What it had reported before counts, and the other goes on. */
    @Test
    void aMachineThatCantGoOnIsSaid() throws Exception {
        CountDownLatch refused = new CountDownLatch(1);
        pretended.run((study, jobs, each) -> {
            each.accept("1");
            if (study.equals("bad")) {
                throw new EvidenceMissing("no cells can be made");
            }
            assertThat(refused.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
            each.accept("2");
        });
        try (Crew crew = kubernetes.start(plan(2));
                SpreadTrials trials = new SpreadTrials(crew, (machine, result) -> {
                    add(machine, result);
                    refused.countDown();
                })) {
            assertThat(trials.run(List.of("bad", "good"), 0))
                    .containsExactly(Optional.of("node 1 (node-0): no cells can be made"), Optional.empty());
        }
        assertThat(results).containsExactlyInAnyOrder("node-0: 1", "node-1: 1", "node-1: 2");
    }

    @Test
    void aLostMachineIsSaidWithWhatBecameOfIt() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        pretended.run((study, jobs, each) -> {
            each.accept("1");
            never.await();
        });
        List<Optional<String>> problems = new ArrayList<>();
        try (Crew crew = kubernetes.start(plan(1));
                SpreadTrials trials = new SpreadTrials(crew, (machine, result) -> {
                    add(machine, result);
                    machine.link().cut("its connection ended");
                })) {
            problems.addAll(trials.run(List.of("any"), 0));
        }
        assertThat(problems)
                .singleElement()
                .asString()
                .contains("node 1 (node-0) is lost: its connection ended", "Kubernetes says");
        assertThat(results).containsExactly("node-0: 1");
    }

    @Test
    void podsMayMakeCellsAndStandOnMachinesOfTheirOwn() throws Exception {
        CrewPlan labelled = new CrewPlan.ForComparison(2, Optional.of(NodeLabel.parse("lab=yes")), LIFETIME);
        kubernetes.start(labelled).close();

        String run = kubernetes.run();
        assertThat(pretended.created())
                .extracting(job -> job.getMetadata().getName())
                .containsExactly("lab-compare-" + run + "-relay", "lab-compare-" + run + "-node");
        Job job = pretended.created().getLast();
        assertThat(job.getSpec().getCompletions()).isEqualTo(2);
        assertThat(job.getSpec().getActiveDeadlineSeconds()).isEqualTo(100);
        PodSpec pod = job.getSpec().getTemplate().getSpec();
        assertThat(pod.getNodeSelector()).isEqualTo(Map.of("lab", "yes"));
        assertThat(pod.getAffinity().getPodAntiAffinity().getRequiredDuringSchedulingIgnoredDuringExecution())
                .singleElement()
                .satisfies(term -> {
                    assertThat(term.getTopologyKey()).isEqualTo("kubernetes.io/hostname");
                    assertThat(term.getLabelSelector().getMatchLabels())
                            .containsEntry("io.tcplab.run", run)
                            .containsEntry(Jobs.ROLE, "node");
                });
        assertThat(pod.getSecurityContext().getRunAsNonRoot()).isNull();
        assertThat(pod.getSecurityContext().getAppArmorProfile().getType()).isEqualTo("Unconfined");
        Container container = pod.getContainers().getFirst();
        assertThat(container.getSecurityContext().getPrivileged()).isNull();
        assertThat(container.getSecurityContext().getCapabilities().getDrop()).containsExactly("ALL");
        assertThat(container.getSecurityContext().getCapabilities().getAdd())
                .containsExactly("SYS_ADMIN", "NET_ADMIN", "IPC_LOCK");
        assertThat(container.getEnv())
                .extracting(EnvVar::getName)
                .contains("LAB_AGENT_NODE", "LAB_RUN_AS", "LAB_CELLS");
        assertThat(pretended
                        .created()
                        .getFirst()
                        .getSpec()
                        .getTemplate()
                        .getSpec()
                        .getSecurityContext()
                        .getRunAsNonRoot())
                .as("the relay needs nothing")
                .isTrue();
    }

    @Test
    void tooFewMachinesAreSaidBefore() {
        pretended.addNode("a", Map.of("lab", "yes"));
        pretended.addNode("b", Map.of());
        assertThat(kubernetes.problem(plan(2))).isEmpty();
        assertThat(kubernetes.problem(plan(3)).orElseThrow())
                .contains("--nodes 3: the cluster has 2 (`kubectl get nodes", "fewer --nodes");
        assertThat(kubernetes
                        .problem(new CrewPlan.ForComparison(2, Optional.of(new NodeLabel("lab", "yes")), LIFETIME))
                        .orElseThrow())
                .contains("--nodes 2: the cluster has 1 with the label lab=yes");
    }

    @Test
    void theClusterItselfRemovesTheTasksOfAKilledLab() throws Exception {
        kubernetes.start(plan(2));
        pretended.hangUp();

        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(pretended.jobs()).isEmpty();
            assertThat(pretended.pods()).isEmpty();
        });
    }

    private void add(Member machine, String result) {
        results.add(machine.hello().node() + ": " + result);
    }

    private static CrewPlan plan(int nodes) {
        return new CrewPlan.ForComparison(nodes, Optional.empty(), LIFETIME);
    }
}
