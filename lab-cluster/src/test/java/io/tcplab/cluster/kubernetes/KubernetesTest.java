package io.tcplab.cluster.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.api.model.EventListBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.tcplab.client.LoadPlan;
import io.tcplab.client.ShortLived;
import io.tcplab.client.Stop;
import io.tcplab.cluster.Crew;
import io.tcplab.cluster.CrewPlan;
import io.tcplab.cluster.Lifetime;
import io.tcplab.cluster.Member;
import io.tcplab.cluster.Storm;
import io.tcplab.cluster.StormPlan;
import io.tcplab.cluster.StormReport;
import io.tcplab.experiments.EvidenceMissing;
import io.tcplab.experiments.cell.ServeOptions;
import io.tcplab.kernel.sockets.TcpState;
import io.tcplab.server.Behaviour;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A storm on a cluster that is pretended: no real one was ever asked. */
class KubernetesTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Lifetime LIFETIME = new Lifetime(Duration.ofSeconds(100));

    private final PretendCluster pretended = new PretendCluster();
    private final Kubernetes kubernetes = new Kubernetes(pretended::client, "some/lab:1", pretended::attach);

    @AfterEach
    void end() throws Exception {
        pretended.close();
    }

    @Test
    void aStormIsRunAndRemoved() throws Exception {
        assertThat(kubernetes.problem(storm(1))).isEmpty();
        StormPlan plan = plan(2);
        try (Crew crew = kubernetes.start(storm(2));
                Storm storm = new Storm(plan, crew, new Quiet())) {
            assertThat(crew.server().name()).isEqualTo("the server (node-0)");
            assertThat(crew.clients())
                    .extracting(Member::name)
                    .containsExactly("client 1 (node-0)", "client 2 (node-1)");
            StormReport report = storm.run(kubernetes.name(), "some/lab:1");
            assertThat(report.sum().completed()).isEqualTo(20);
            assertThat(report.reported()).hasSize(2);
        }
        assertThat(pretended.jobs()).isEmpty();
        assertThat(pretended.pods()).isEmpty();
    }

    @Test
    void theRelayComesFirstAndOwnsTheRest() throws Exception {
        kubernetes.start(storm(3)).close();

        String run = kubernetes.run();
        assertThat(pretended.created())
                .extracting(job -> job.getMetadata().getName())
                .startsWith("lab-storm-" + run + "-relay")
                .containsExactlyInAnyOrder(
                        "lab-storm-" + run + "-relay", "lab-storm-" + run + "-server", "lab-storm-" + run + "-client");
        Job relay = pretended.created().getFirst();
        assertThat(relay.getSpec().getTtlSecondsAfterFinished()).isPositive();
        assertThat(relay.getSpec()
                        .getTemplate()
                        .getSpec()
                        .getContainers()
                        .getFirst()
                        .getStdinOnce())
                .isTrue();
        assertThat(pretended.created().subList(1, 3))
                .allSatisfy(job -> assertThat(job.getMetadata().getOwnerReferences())
                        .singleElement()
                        .satisfies(owner -> {
                            assertThat(owner.getUid())
                                    .isEqualTo(relay.getMetadata().getUid());
                            assertThat(owner.getKind()).isEqualTo("Job");
                            assertThat(owner.getApiVersion()).isEqualTo("batch/v1");
                        }));
        assertThat(pretended.created())
                .allSatisfy(job ->
                        assertThat(job.getSpec().getActiveDeadlineSeconds()).isEqualTo(100));
    }

    @Test
    void noPodIsStartedAnewOrPrivileged() throws Exception {
        kubernetes.start(storm(3)).close();

        assertThat(pretended.created()).hasSize(3).allSatisfy(job -> {
            assertThat(job.getSpec().getBackoffLimitPerIndex()).isZero();
            assertThat(job.getSpec().getParallelism()).isEqualTo(job.getSpec().getCompletions());
            PodSpec pod = job.getSpec().getTemplate().getSpec();
            assertThat(pod.getRestartPolicy()).isEqualTo("Never");
            assertThat(pod.getAutomountServiceAccountToken()).isFalse();
            assertThat(pod.getSecurityContext().getRunAsNonRoot()).isTrue();
            assertThat(pod.getSecurityContext().getSeccompProfile().getType()).isEqualTo("RuntimeDefault");
            assertThat(pod.getContainers()).singleElement().satisfies(container -> {
                assertThat(container.getSecurityContext().getAllowPrivilegeEscalation())
                        .isFalse();
                assertThat(container.getSecurityContext().getCapabilities().getDrop())
                        .containsExactly("ALL");
            });
        });
    }

    @Test
    void theClusterItselfRemovesTheStormOfAKilledLab() throws Exception {
        kubernetes.start(storm(2));
        assertThat(pretended.pods()).hasSize(4);
        pretended.hangUp();

        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(pretended.jobs()).isEmpty();
            assertThat(pretended.pods()).isEmpty();
        });
    }

    @Test
    void whatAnotherLabHasStartedStays() throws Exception {
        try (Crew crew = kubernetes.start(storm(1))) {
            assertThat(crew.clients()).hasSize(1);
            Kubernetes other = new Kubernetes(pretended::client, "some/lab:1", pretended::attach);
            assertThat(other.clean()).isEmpty();
            assertThat(other.others()).containsExactly("lab-storm-" + kubernetes.run() + "-relay");
            assertThat(other.removal("x")).isEqualTo("kubectl delete job --namespace test x");
        }
    }

    @Test
    void anImageThatIsMissingIsSaid() {
        pretended.refuse(waiting("ErrImagePull", "manifest unknown"));
        refused("waits: ErrImagePull: manifest unknown", "--image", "kind load docker-image some/lab:1");
    }

    @Test
    void aPodThatEndsIsSaid() {
        pretended.refuse(new PodStatusBuilder()
                .withPhase("Failed")
                .withReason("Evicted")
                .withMessage("the node was low on memory")
                .build());
        refused("is Failed, Evicted, the node was low on memory");
    }

    @Test
    void aJobThatMayHaveNoPodsIsSaid() {
        String job = "lab-storm-" + kubernetes.run() + "-relay";
        pretended
                .server()
                .expect()
                .get()
                .withPath("/api/v1/namespaces/test/events?fieldSelector=involvedObject.name%3D" + job)
                .andReturn(
                        200,
                        new EventListBuilder()
                                .withItems(new EventBuilder()
                                        .withReason("FailedCreate")
                                        .withMessage("exceeded quota")
                                        .build())
                                .build())
                .always();
        pretended.makeNoPods();
        refused("makes no pod of the Job " + job + ": exceeded quota");
    }

    @Test
    void aJobThatMayNotBeMadeIsSaid() {
        pretended
                .server()
                .expect()
                .post()
                .withPath("/apis/batch/v1/namespaces/test/jobs")
                .andReturn(
                        403,
                        new StatusBuilder()
                                .withCode(403)
                                .withStatus("Failure")
                                .withMessage("jobs.batch is forbidden")
                                .build())
                .always();
        refused("can't create a Job", "jobs.batch is forbidden");
    }

    @Test
    void missingRightsAreSaidBefore() {
        pretended.forbid();
        assertThat(kubernetes.problem(storm(1)))
                .hasValueSatisfying(why -> assertThat(why)
                        .contains("you may not create jobs", "create pods/attach in the namespace test", "auth can-i"));
    }

    @Test
    void aMissingNamespaceIsSaidBefore() {
        pretended.client().namespaces().withName(PretendCluster.NAMESPACE).delete();
        assertThat(kubernetes.problem(storm(1)))
                .hasValueSatisfying(why ->
                        assertThat(why).contains("no namespace test", "kubectl create namespace test", "--namespace"));
    }

    @Test
    void aMissingKubeconfigIsSaidBefore(@TempDir Path folder) throws Exception {
        Path absent = folder.resolve("config");
        assertThat(problem(absent, Optional.empty())).contains("no readable file " + absent, "--kubeconfig");

        Files.writeString(absent, """
                apiVersion: v1
                kind: Config
                current-context: here
                contexts:
                - {name: here, context: {cluster: c, user: u}}
                clusters:
                - {name: c, cluster: {server: "http://127.0.0.1:9"}}
                users:
                - {name: u, user: {}}
                """);
        assertThat(problem(absent, Optional.of("there"))).contains("no context there; it has [here]");
        assertThat(problem(absent, Optional.of("here")))
                .contains(
                        "http://127.0.0.1:9/ doesn't answer (no connection: nothing listens there, or a firewall refuses)",
                        "kubectl cluster-info");

        Files.writeString(absent, Files.readString(absent).replace("127.0.0.1", "cluster.invalid"));
        assertThat(problem(absent, Optional.of("here"))).contains("(its name can't be resolved)");
    }

    private static String problem(Path kubeconfig, Optional<String> context) {
        Access access = new Access(Optional.of(kubeconfig), context, Optional.empty());
        return new Kubernetes(access, "some/lab:1").problem(storm(1)).orElseThrow();
    }

    /** And nothing is left. */
    private void refused(String... said) {
        assertThatThrownBy(() -> kubernetes.start(storm(1)))
                .isInstanceOf(EvidenceMissing.class)
                .message()
                .contains(said);
        assertThat(pretended.jobs()).isEmpty();
        assertThat(pretended.pods()).isEmpty();
    }

    private static PodStatus waiting(String reason, String message) {
        return new PodStatusBuilder()
                .withPhase("Pending")
                .addNewContainerStatus()
                .withName(Jobs.CONTAINER)
                .withNewState()
                .withNewWaiting()
                .withReason(reason)
                .withMessage(message)
                .endWaiting()
                .endState()
                .endContainerStatus()
                .build();
    }

    private static CrewPlan storm(int clients) {
        return new CrewPlan.ForStorm(clients, LIFETIME);
    }

    private static StormPlan plan(int clients) {
        return new StormPlan(
                clients,
                LoadPlan.of(new ShortLived(), new InetSocketAddress(InetAddress.ofLiteral("192.0.2.1"), 9))
                        .withStop(new Stop.AfterCount(20)),
                Duration.ofSeconds(10),
                Behaviour.parse("well-behaved"),
                ServeOptions.defaults());
    }

    private record Quiet() implements Storm.Progress {
        @Override
        public void step(String what) {}

        @Override
        public void look(Duration since, Map<TcpState, Integer> server) {}
    }
}
