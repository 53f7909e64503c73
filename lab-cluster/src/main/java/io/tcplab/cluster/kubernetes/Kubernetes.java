package io.tcplab.cluster.kubernetes;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.tcplab.cluster.Cluster;
import io.tcplab.cluster.Crew;
import io.tcplab.cluster.CrewPlan;
import io.tcplab.containers.Owner;
import io.tcplab.containers.Uninterruptibly;
import java.net.HttpURLConnection;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;

/** A namespace of a Kubernetes cluster. */
public final class Kubernetes implements Cluster {
    private final Supplier<KubernetesClient> access;
    private final String image;
    private final Attachment.Opener opener;
    private final String run =
            HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
    private Optional<KubernetesClient> client = Optional.empty();

    /**
     * Not yet looked for.
     *
     * @param image of the pods
     */
    public Kubernetes(Access access, String image) {
        this(access::client, image, PodAttachment::open);
    }

    Kubernetes(Supplier<KubernetesClient> access, String image, Attachment.Opener opener) {
        this.opener = opener;
        this.access = access;
        this.image = image;
    }

    @Override
    public String name() {
        return "kubernetes";
    }

    @Override
    public String run() {
        return run;
    }

    @Override
    public boolean removesByItself() {
        return true;
    }

    @Override
    public Optional<String> problem(CrewPlan plan) {
        try {
            return Uninterruptibly.call(() -> reach().or(this::namespace)
                    .or(() -> Rights.problem(client()))
                    .or(() -> nodeProblem(plan)));
        } catch (Access.Missing e) {
            return Optional.of(String.valueOf(e.getMessage()));
        } catch (KubernetesClientException e) {
            return Optional.of("the cluster at %s refuses: %s".formatted(client().getMasterUrl(), e.getMessage()));
        }
    }

    private Optional<String> reach() {
        try {
            client().getKubernetesVersion();
            return Optional.empty();
        } catch (KubernetesClientException e) {
            return Optional.of(
                    e.getCode() == HttpURLConnection.HTTP_UNAUTHORIZED
                            ? "the cluster at %s doesn't accept the kubeconfig's credentials: log in again, or give another --context; `kubectl auth whoami` must work"
                                    .formatted(client().getMasterUrl())
                            : "the cluster at %s doesn't answer (%s): is it up, and is it the one you mean? `kubectl cluster-info` must work; --context names another"
                                    .formatted(client().getMasterUrl(), Unreachable.why(e)));
        }
    }

    /** Who may work in a namespace needn't be allowed to look at it. */
    private Optional<String> namespace() {
        String name = client().getNamespace();
        try {
            return client().namespaces().withName(name).get() == null
                    ? Optional.of(
                            "there is no namespace %s: `kubectl create namespace %s`, or name another with --namespace"
                                    .formatted(name, name))
                    : Optional.empty();
        } catch (KubernetesClientException e) {
            if (e.getCode() == HttpURLConnection.HTTP_FORBIDDEN) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private Optional<String> nodeProblem(CrewPlan plan) {
        return switch (plan) {
            case CrewPlan.ForStorm storm -> Optional.empty();
            case CrewPlan.ForComparison it -> tooFew(it);
        };
    }

    /** Nodes belong to no namespace, and not everybody may list them; then the scheduler says it later. */
    private Optional<String> tooFew(CrewPlan.ForComparison plan) {
        Map<String, String> labels =
                plan.label().map(label -> Map.of(label.key(), label.value())).orElse(Map.of());
        int found;
        try {
            found = client().nodes().withLabels(labels).list().getItems().size();
        } catch (KubernetesClientException mayNot) {
            return Optional.empty();
        }
        String which = plan.label().map(label -> " with the label " + label).orElse("");
        return found >= plan.nodes()
                ? Optional.empty()
                : Optional.of(
                        "--nodes %d: the cluster has %d%s (`kubectl get nodes --show-labels`): give fewer --nodes, or another --node-label"
                                .formatted(plan.nodes(), found, which));
    }

    @Override
    public Crew start(CrewPlan plan) throws InterruptedException {
        KubernetesCrew crew =
                new KubernetesCrew(client(), new Jobs(run, image, Owner.self().labels(run), plan), opener);
        try {
            crew.start();
            return crew;
        } catch (InterruptedException | RuntimeException e) {
            crew.close();
            throw e;
        }
    }

    @Override
    public List<String> clean() {
        return Uninterruptibly.call(() -> new Namespace(client()).sweep());
    }

    @Override
    public List<String> others() {
        return Uninterruptibly.call(() -> new Namespace(client()).others());
    }

    @Override
    public String removal(String other) {
        return "kubectl delete job --namespace %s %s".formatted(client().getNamespace(), other);
    }

    @Override
    public void remove(String ofRun) {
        Uninterruptibly.call(() -> {
            new Namespace(client()).remove(ofRun);
            return true;
        });
    }

    private synchronized KubernetesClient client() {
        if (client.isEmpty()) {
            client = Optional.of(access.get());
        }
        return client.get();
    }
}
